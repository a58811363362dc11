import { arrayTypes } from '../../../contract/arrays.ts';
import type { TensorType } from '../../../contract/tensor-data.ts';
import { raiseElements, tooLarge } from '../../too-large.ts';

type NumberType = Exclude<TensorType, 'string' | 'int64' | 'uint64'>;

/** Elements of the largest tensor that inputs may make, until a function says how many it has memory for. */
let mostElements = 2 ** 26;

/** Sets how many elements the largest tensor may have, for all models of the process. */
export function limitElements(most: number): void {
  mostElements = most;
}

/**
 * How many elements a shape has that inputs may decide.
 * @throws RequestError 413 SIZE that names the operator
 */
export function countElements(operator: string, dims: readonly number[]): number {
  const count = dims.reduce((product, size) => product * size, 1);
  if (count > mostElements) {
    throw tooLarge(operator, `${count} elements, [${dims.join(', ')}],`, {
      most: mostElements,
      hint: raiseElements,
    });
  }
  return count;
}

/** An array for an output of numbers. @throws RequestError 413 SIZE */
export function allocate(operator: string, type: NumberType, dims: readonly number[]): Float32Array {
  // All typed arrays of numbers are written to in the same way.
  return new arrayTypes[type](countElements(operator, dims)) as Float32Array;
}
