import { arrayTypes } from './arrays.ts';
import type { TensorData, TensorType } from './tensor-data.ts';

type NumericArray = Exclude<TensorData, string[]>;

interface NumericArrayConstructor {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): NumericArray;
  new (values: ArrayLike<number> | ArrayLike<bigint>): NumericArray;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): NumericArray;
}

/** How a datatype of the Open Inference Protocol is represented in JSON, in memory and in the engine. */
export interface DatatypeCodec {
  engine: TensorType;
  /** `undefined` for BYTES, which use an array of strings. */
  array: NumericArrayConstructor | undefined;
  json: 'boolean' | 'integer' | 'bigint' | 'float' | 'string';
  /** Inclusive bounds of a JSON integer. */
  min?: number;
  max?: number;
}

/**
 * The only table of datatypes; docs/values.md explains it. In JSON, INT64 and UINT64 beyond 2^53 are strings of decimal
 * digits, and non-finite floats are `"NaN"`, `"Infinity"` and `"-Infinity"`.
 */
// A function, so that bundlers leave the table out of chunks that do not use it.
const table = /* @__PURE__ */ (() =>
  ({
    BOOL: { engine: 'bool', array: arrayTypes.bool, json: 'boolean' },
    UINT8: { engine: 'uint8', array: arrayTypes.uint8, json: 'integer', min: 0, max: 255 },
    UINT16: { engine: 'uint16', array: arrayTypes.uint16, json: 'integer', min: 0, max: 65_535 },
    UINT32: { engine: 'uint32', array: arrayTypes.uint32, json: 'integer', min: 0, max: 4_294_967_295 },
    UINT64: { engine: 'uint64', array: arrayTypes.uint64, json: 'bigint' },
    INT8: { engine: 'int8', array: arrayTypes.int8, json: 'integer', min: -128, max: 127 },
    INT16: { engine: 'int16', array: arrayTypes.int16, json: 'integer', min: -32_768, max: 32_767 },
    INT32: {
      engine: 'int32',
      array: arrayTypes.int32,
      json: 'integer',
      min: -2_147_483_648,
      max: 2_147_483_647,
    },
    INT64: { engine: 'int64', array: arrayTypes.int64, json: 'bigint' },
    FP16: { engine: 'float16', array: arrayTypes.float16, json: 'float' },
    FP32: { engine: 'float32', array: arrayTypes.float32, json: 'float' },
    FP64: { engine: 'float64', array: arrayTypes.float64, json: 'float' },
    BYTES: { engine: 'string', array: undefined, json: 'string' },
  }) as const satisfies Record<string, DatatypeCodec>)();

export type DatatypeTable = typeof table;

/** Datatypes of the Open Inference Protocol V2. */
export type Datatype = keyof DatatypeTable;

export const datatypes: Readonly<Record<Datatype, DatatypeCodec>> = table;

export function isDatatype(value: unknown): value is Datatype {
  return typeof value === 'string' && Object.hasOwn(datatypes, value);
}

export function isFloat(datatype: Datatype): boolean {
  return datatypes[datatype].json === 'float';
}

/** Whether the datatype's whole numbers are bigints. */
export function isBigInt(datatype: Datatype): boolean {
  return datatypes[datatype].json === 'bigint';
}

/** Returns the kind of a datatype's elements, which decides how they are read from JSON. */
export function elementKind(datatype: Datatype): DatatypeCodec['json'] | 'half' {
  return datatype === 'FP16' ? 'half' : datatypes[datatype].json;
}
