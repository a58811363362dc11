import { RequestError } from './errors.ts';

/**
 * The one answer to inputs that make an operator do more than is let.
 * @param made - what it would make of them: `400000000 elements`
 * @param hint - what to do besides sending smaller ones
 */
export function tooLarge(
  operator: string,
  made: string,
  { most, hint = '' }: { most: number | string; hint?: string },
): RequestError {
  const message = `the model's ${operator} would make ${made} of these inputs, where at most ${most} are let`;
  return new RequestError(413, 'SIZE', `${message}; send smaller ones${hint}`, operator);
}

/** Where the limit is the config's. */
export const raiseElements = ', or raise http.limits.elements';
