import { RequestError } from './errors.ts';

/**
 * The one answer to inputs that make an operator do more than is let.
 * @param made - what it would make of them: `400000000 elements`
 */
export function tooLarge(operator: string, made: string, most: number | string): RequestError {
  const message = `the model's ${operator} would make ${made} of these inputs; at most ${most}: send smaller ones`;
  return new RequestError(413, 'SIZE', message, operator);
}
