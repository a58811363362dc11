import { type Datatype, engineNameOf, type TensorSpec } from '../../contract/manifest.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';

/** Names of tensor types as the engine spells them, and the arrays that hold them between processes. */
const arrays = {
  BOOL: ['bool', Uint8Array],
  UINT8: ['uint8', Uint8Array],
  UINT16: ['uint16', Uint16Array],
  UINT32: ['uint32', Uint32Array],
  UINT64: ['uint64', BigUint64Array],
  INT8: ['int8', Int8Array],
  INT16: ['int16', Int16Array],
  INT32: ['int32', Int32Array],
  INT64: ['int64', BigInt64Array],
  FP16: ['float16', Float32Array],
  FP32: ['float32', Float32Array],
  FP64: ['float64', Float64Array],
} as const;

/** A tensor of values that are already of the right kind: numbers, bigints for 64-bit integers, strings for BYTES. */
export function makeTensor(
  spec: Pick<TensorSpec, 'name' | 'engineName' | 'datatype'>,
  dims: number[],
  values: ArrayLike<unknown>,
): ProbeTensor {
  const { datatype } = spec;
  const name = engineNameOf(spec);
  if (datatype === 'BYTES') {
    return { name, type: 'string', dims, data: Array.from(values, String) };
  }
  const [type, ArrayType] = arrays[datatype];
  return { name, type, dims, data: new ArrayType(values as ArrayLike<never>) };
}

/** Whether whole numbers of the datatype are bigints. */
export function isBigInt(datatype: Datatype): boolean {
  return datatype === 'INT64' || datatype === 'UINT64';
}

export function isFloat(datatype: Datatype): boolean {
  return datatype.startsWith('FP');
}

/** How many elements a shape has. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}
