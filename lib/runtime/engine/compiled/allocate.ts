import { arrayTypes } from '../../../contract/arrays.ts';
import { defaultElements } from '../../../contract/elements-input.ts';
import type { TensorType } from '../../../contract/tensor-data.ts';
import { type CheckElements, limitTo } from '../../too-large.ts';

type NumberType = Exclude<TensorType, 'string' | 'int64' | 'uint64'>;

/** The limit if no function sets one, as in a module for browsers: 256 MB of float32. */
let checkElements = limitTo(defaultElements);

/** Sets the check of allocations whose size inputs decide, for all models of the process. */
export function checkAllocations(check: CheckElements): void {
  checkElements = check;
}

/**
 * Returns the number of elements of a shape that inputs may decide.
 * @throws RequestError 413 SIZE that names the operator
 */
export function countElements(operator: string, dims: readonly number[]): number {
  const count = dims.reduce((product, size) => product * size, 1);
  checkElements(operator, count);
  return count;
}

/** Allocates an array for a numeric output. @throws RequestError 413 SIZE */
export function allocate(operator: string, type: NumberType, dims: readonly number[]): Float32Array {
  // The cast is safe because all typed arrays of numbers are written to in the same way.
  return new arrayTypes[type](countElements(operator, dims)) as Float32Array;
}
