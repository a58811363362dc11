import { RequestError } from './errors.ts';

/**
 * The one answer to inputs that make an operator do more than is let.
 * @param made - what it would make of them: `400000000 elements`
 */
export function tooLarge(operator: string, made: string, most: number | string): RequestError {
  const message = `the model's ${operator} would make ${made} of these inputs; at most ${most}: send smaller ones`;
  return new RequestError(413, 'SIZE', message, operator);
}

/** @throws RequestError 413 SIZE where an operator would make more elements than there may be */
export type CheckElements = (operator: string, count: number) => void;

/**
 * @param most - elements of the largest tensor that inputs may make
 * @param setting - what sets it. Default: nothing does
 */
export function limitTo(most: number, setting?: string): CheckElements {
  return (operator, count) => {
    if (count > most) {
      throw tooLarge(
        operator,
        `${Math.round(count)} elements`,
        setting === undefined ? most : `${most} (${setting})`,
      );
    }
  };
}
