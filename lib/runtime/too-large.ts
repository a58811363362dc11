import { RequestError } from './errors.ts';

/**
 * Returns the error for inputs that would make an operator exceed a limit.
 * @param made - what it would create from them: `400000000 elements`
 */
export function tooLarge(operator: string, made: string, most: number | string): RequestError {
  const message = `these inputs make the model's ${operator} exceed a limit: ${made}, at most ${most}; send smaller inputs`;
  return new RequestError(413, 'SIZE', message, operator);
}

/** @throws RequestError 413 SIZE if an operator would create too many elements */
export type CheckElements = (operator: string, count: number) => void;

/**
 * @param most - maximum elements of a tensor that inputs may create
 * @param setting - the setting that determines it (default: none)
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
