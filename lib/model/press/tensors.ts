import { datatypes } from '../../contract/datatypes.ts';
import { engineNameOf, type TensorSpec } from '../../contract/manifest.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';

/** Makes a tensor of values of the right kind: numbers, bigints for 64-bit integers, strings for BYTES. */
export function makeTensor(
  spec: Pick<TensorSpec, 'name' | 'engineName' | 'datatype'>,
  dims: number[],
  values: ArrayLike<unknown>,
): ProbeTensor {
  const { datatype } = spec;
  const name = engineNameOf(spec);
  const { engine: type, array } = datatypes[datatype];
  if (array === undefined) {
    return { name, type, dims, data: Array.from(values, String) };
  }
  // Processes exchange float16 values as numbers, not as bits.
  const ArrayType = datatype === 'FP16' ? Float32Array : array;
  return { name, type, dims, data: new ArrayType(values as ArrayLike<never>) };
}

/** Returns the number of elements of a shape. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}
