import type { Datatype } from '../../manifest.ts';
import type { TensorData } from '../engine/binding.ts';
import { RequestError } from '../errors.ts';
import { type DatatypeCodec, datatypes } from './datatypes.ts';
import { toFloat16Bits } from './float16.ts';

/**
 * Reads the elements of a tensor from JSON values, none of them changed on the way: what the datatype cannot hold is
 * refused by its index.
 */
export function readElements(values: readonly unknown[], datatype: Datatype, where: string): TensorData {
  return readers[datatypes[datatype].json](values, datatype, where);
}

type Reader = (values: readonly unknown[], datatype: Datatype, where: string) => TensorData;

const readers: Record<DatatypeCodec['json'], Reader> = {
  float: readFloats,
  integer: readIntegers,
  bigint: readBigInts,
  boolean: readBooleans,
  string: readStrings,
};

const spelledFloats: Record<string, number> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

function readFloats(values: readonly unknown[], datatype: Datatype, where: string): TensorData {
  const out = new datatypes[datatype].array!(values.length) as Float32Array | Float64Array | Uint16Array;
  const isFloat16 = datatype === 'FP16';
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const number = typeof value === 'number' ? value : spelled(value);
    if (number === undefined) {
      throw badElement(where, i, value, datatype);
    }
    out[i] = isFloat16 ? toFloat16Bits(number) : number;
    const overflowed = isFloat16 ? (out[i]! & 0x7fff) === 0x7c00 : !Number.isFinite(out[i]);
    if (overflowed && Number.isFinite(number)) {
      throw badElement(where, i, value, datatype);
    }
  }
  return out;
}

function spelled(value: unknown): number | undefined {
  return typeof value === 'string' && Object.hasOwn(spelledFloats, value) ? spelledFloats[value] : undefined;
}

function readIntegers(values: readonly unknown[], datatype: Datatype, where: string): TensorData {
  const { array, min, max } = datatypes[datatype];
  const out = new array!(values.length) as Int32Array;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isInteger(value) || (value as number) < min! || (value as number) > max!) {
      throw badElement(where, i, value, datatype);
    }
    out[i] = value as number;
  }
  return out;
}

function readBigInts(values: readonly unknown[], datatype: Datatype, where: string): TensorData {
  const out = new datatypes[datatype].array!(values.length) as BigInt64Array | BigUint64Array;
  for (let i = 0; i < values.length; i++) {
    const value = toBigInt(values[i]);
    if (value === undefined) {
      throw badElement(where, i, values[i], datatype);
    }
    out[i] = value;
    if (out[i] !== value) {
      throw badElement(where, i, values[i], datatype);
    }
  }
  return out;
}

/** A JSON number beyond 2^53 may already have been rounded by its parser, so only a string of digits can carry it. */
function toBigInt(value: unknown): bigint | undefined {
  if (Number.isSafeInteger(value)) {
    return BigInt(value as number);
  }
  if (typeof value === 'bigint') {
    return value;
  }
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? BigInt(value) : undefined;
}

function readBooleans(values: readonly unknown[], datatype: Datatype, where: string): TensorData {
  const out = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    if (typeof values[i] !== 'boolean') {
      throw badElement(where, i, values[i], datatype);
    }
    out[i] = values[i] ? 1 : 0;
  }
  return out;
}

/** The engine's strings end at a NUL and are UTF-8: what they cannot hold is refused, as it would arrive changed. */
function readStrings(values: readonly unknown[], datatype: Datatype, where: string): TensorData {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== 'string' || value.includes('\0') || !value.isWellFormed()) {
      throw badElement(where, i, value, datatype);
    }
  }
  return values as string[];
}

function badElement(where: string, index: number, value: unknown, datatype: Datatype): RequestError {
  const shown = typeof value === 'bigint' ? `${value}` : JSON.stringify(value)?.slice(0, 60);
  const why = {
    float: `a finite number that ${datatype} can hold, or "NaN", "Infinity", "-Infinity"`,
    integer: `a whole number that ${datatype} can hold`,
    bigint: `a whole number that ${datatype} can hold; beyond 2^53 as a string of digits`,
    boolean: 'true or false',
    string: 'a string of valid Unicode without NUL',
  }[datatypes[datatype].json];
  return new RequestError(400, 'DATA', `${where}, element ${index} is ${shown}; expected ${why}`);
}

