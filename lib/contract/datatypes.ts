import type { Datatype } from './manifest.ts';
import type { TensorData, TensorType } from './tensor-data.ts';

type NumericArray = Exclude<TensorData, string[]>;

interface NumericArrayConstructor {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): NumericArray;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): NumericArray;
}

/** How a datatype of the Open Inference Protocol travels: in JSON, in memory, in the engine. */
export interface DatatypeCodec {
  engine: TensorType;
  /** `undefined` for BYTES, which are an array of strings. */
  array: NumericArrayConstructor | undefined;
  json: 'boolean' | 'integer' | 'bigint' | 'float' | 'string';
  /** Inclusive bounds of a JSON integer. */
  min?: number;
  max?: number;
}

/**
 * The one table of values; docs/values.md explains it. In JSON, INT64 and UINT64 beyond 2^53 are strings of decimal
 * digits, and `"NaN"`, `"Infinity"`, `"-Infinity"` spell what JSON has no number for.
 */
export const datatypes: Record<Datatype, DatatypeCodec> = {
  BOOL: { engine: 'bool', array: Uint8Array, json: 'boolean' },
  UINT8: { engine: 'uint8', array: Uint8Array, json: 'integer', min: 0, max: 255 },
  UINT16: { engine: 'uint16', array: Uint16Array, json: 'integer', min: 0, max: 65_535 },
  UINT32: { engine: 'uint32', array: Uint32Array, json: 'integer', min: 0, max: 4_294_967_295 },
  UINT64: { engine: 'uint64', array: BigUint64Array, json: 'bigint' },
  INT8: { engine: 'int8', array: Int8Array, json: 'integer', min: -128, max: 127 },
  INT16: { engine: 'int16', array: Int16Array, json: 'integer', min: -32_768, max: 32_767 },
  INT32: { engine: 'int32', array: Int32Array, json: 'integer', min: -2_147_483_648, max: 2_147_483_647 },
  INT64: { engine: 'int64', array: BigInt64Array, json: 'bigint' },
  FP16: { engine: 'float16', array: Uint16Array, json: 'float' },
  FP32: { engine: 'float32', array: Float32Array, json: 'float' },
  FP64: { engine: 'float64', array: Float64Array, json: 'float' },
  BYTES: { engine: 'string', array: undefined, json: 'string' },
};

export function isDatatype(value: unknown): value is Datatype {
  return typeof value === 'string' && Object.hasOwn(datatypes, value);
}
