import { arrayTypes } from '../../../contract/arrays.ts';
import type { TensorType } from '../../../contract/tensor-data.ts';
import { RequestError } from '../../errors.ts';

type NumberType = Exclude<TensorType, 'string' | 'int64' | 'uint64'>;

/** Elements of the largest tensor that inputs may make, as for ONNX Runtime's operators that inputs size. */
const mostElements = 2 ** 26;

/**
 * How many elements a shape has that inputs may decide.
 * @throws RequestError 400 SIZE that names the operator
 */
export function countElements(operator: string, dims: readonly number[]): number {
  const count = dims.reduce((product, size) => product * size, 1);
  if (count > mostElements) {
    throw new RequestError(
      400,
      'SIZE',
      `these inputs make ${operator} exceed the limit of ${mostElements} elements; send smaller inputs`,
    );
  }
  return count;
}

/** An array for an output of numbers. @throws RequestError 400 SIZE */
export function allocate(operator: string, type: NumberType, dims: readonly number[]): Float32Array {
  // All typed arrays of numbers are written to in the same way.
  return new arrayTypes[type](countElements(operator, dims)) as Float32Array;
}
