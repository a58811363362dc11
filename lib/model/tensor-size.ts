import type { TensorProto } from './onnx_pb.ts';
import { type ElementType, elementTypeOf } from './types.ts';

/** Bits of one element as stored; narrow types are packed. Strings have no fixed size. */
const BITS: Partial<Record<ElementType, number>> = {
  FLOAT: 32,
  UINT8: 8,
  INT8: 8,
  UINT16: 16,
  INT16: 16,
  INT32: 32,
  INT64: 64,
  BOOL: 8,
  FLOAT16: 16,
  DOUBLE: 64,
  UINT32: 32,
  UINT64: 64,
  COMPLEX64: 64,
  COMPLEX128: 128,
  BFLOAT16: 16,
  FLOAT8E4M3FN: 8,
  FLOAT8E4M3FNUZ: 8,
  FLOAT8E5M2: 8,
  FLOAT8E5M2FNUZ: 8,
  UINT4: 4,
  INT4: 4,
  FLOAT4E2M1: 4,
  FLOAT8E8M0: 8,
  UINT2: 2,
  INT2: 2,
  FLOAT6E2M3: 6,
  FLOAT6E3M2: 6,
};

/** Returns the number of elements of a tensor; `undefined` if a dimension is negative or the count is not exact. */
export function elementCount(tensor: Pick<TensorProto, 'dims'>): number | undefined {
  if (tensor.dims.some(dim => dim < 0n)) {
    return undefined;
  }
  const count = tensor.dims.reduce((product, dim) => product * dim, 1n);
  return count <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(count) : undefined;
}

/** Returns the size of a tensor's values by its shape and type; `undefined` if these do not determine it. */
export function tensorSizeBytes(tensor: Pick<TensorProto, 'dims' | 'dataType'>): number | undefined {
  const bits = BITS[elementTypeOf(tensor.dataType)];
  const count = elementCount(tensor);
  return bits === undefined || count === undefined ? undefined : Math.ceil((count * bits) / 8);
}
