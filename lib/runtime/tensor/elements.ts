import { type DatatypeCodec, datatypes } from '../../contract/datatypes.ts';
import type { Datatype } from '../../contract/manifest.ts';
import type { TensorData } from '../../contract/tensor-data.ts';
import { RequestError } from '../errors.ts';
import { toFloat16Bits } from './float16.ts';
import { show } from './show.ts';

/** Elements on their way into a tensor, part by part: nested data is read where it lies. */
interface Elements {
  datatype: Datatype;
  /** For errors. */
  where: string;
  /** Where the part begins in the whole, row-major. */
  offset: number;
}

/**
 * Reads the elements of a tensor from JSON values, none of them changed on the way: what the datatype cannot hold is
 * refused by its index.
 * @param parts - the innermost arrays, whose lengths add up to `size`
 */
export function readParts(
  parts: readonly (readonly unknown[])[],
  size: number,
  { datatype, where }: { datatype: Datatype; where: string },
): TensorData {
  const { array, json } = datatypes[datatype];
  const out: TensorData = array === undefined ? new Array<string>(size) : new array(size);
  const read: Reader = datatype === 'FP16' ? readHalves : readers[json];
  let offset = 0;
  for (const part of parts) {
    read(part, out, { datatype, where, offset });
    offset += part.length;
  }
  return out;
}

// biome-ignore lint/suspicious/noExplicitAny: each reader knows the array of its datatypes
type Reader = (values: readonly unknown[], out: any, elements: Elements) => void;

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

function readFloats(values: readonly unknown[], out: Float32Array | Float64Array, elements: Elements): void {
  const { offset } = elements;
  for (let i = values.length > manyElements ? copyFinite(values, out, offset) : 0; i < values.length; i++) {
    const value = values[i];
    const number = typeof value === 'number' ? value : spelled(value, i, elements);
    out[offset + i] = number;
    // An infinity that JSON had no word for is a number too great for the datatype.
    if (!Number.isFinite(out[offset + i]) && Number.isFinite(number)) {
      throw badElement(i, value, elements);
    }
  }
}

/** An array longer than this has a loop of its own. */
const manyElements = 64;

/**
 * Copies numbers up to the first that wants a closer look. V8 compiles a loop for the kinds of arrays that it has met
 * there, and makes an object of every number once one of them held more than numbers: short arrays are of all kinds,
 * and must not make those of images ten times slower.
 * @returns how many were copied
 */
function copyFinite(values: readonly unknown[], out: Float32Array | Float64Array, offset: number): number {
  let i = 0;
  for (; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== 'number') {
      break;
    }
    out[offset + i] = value;
    if (!Number.isFinite(out[offset + i])) {
      break;
    }
  }
  return i;
}

function readHalves(values: readonly unknown[], out: Uint16Array, elements: Elements): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const number = typeof value === 'number' ? value : spelled(value, i, elements);
    const bits = toFloat16Bits(number);
    if ((bits & 0x7fff) === 0x7c00 && Number.isFinite(number)) {
      throw badElement(i, value, elements);
    }
    out[elements.offset + i] = bits;
  }
}

function spelled(value: unknown, index: number, elements: Elements): number {
  if (typeof value === 'string' && Object.hasOwn(spelledFloats, value)) {
    return spelledFloats[value]!;
  }
  throw badElement(index, value, elements);
}

function readIntegers(values: readonly unknown[], out: Int32Array, elements: Elements): void {
  const { min, max } = datatypes[elements.datatype];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isInteger(value) || (value as number) < min! || (value as number) > max!) {
      throw badElement(i, value, elements);
    }
    out[elements.offset + i] = value as number;
  }
}

function readBigInts(
  values: readonly unknown[],
  out: BigInt64Array | BigUint64Array,
  elements: Elements,
): void {
  const { offset } = elements;
  for (let i = 0; i < values.length; i++) {
    const value = toBigInt(values[i]);
    if (value === undefined) {
      throw badElement(i, values[i], elements);
    }
    out[offset + i] = value;
    if (out[offset + i] !== value) {
      throw badElement(i, values[i], elements);
    }
  }
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

function readBooleans(values: readonly unknown[], out: Uint8Array, elements: Elements): void {
  for (let i = 0; i < values.length; i++) {
    if (typeof values[i] !== 'boolean') {
      throw badElement(i, values[i], elements);
    }
    out[elements.offset + i] = values[i] ? 1 : 0;
  }
}

/** The engine's strings end at a NUL and are UTF-8: what they cannot hold is refused, as it would arrive changed. */
function readStrings(values: readonly unknown[], out: string[], elements: Elements): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== 'string' || value.includes('\0') || !value.isWellFormed()) {
      throw badElement(i, value, elements);
    }
    out[elements.offset + i] = value;
  }
}

function badElement(index: number, value: unknown, { datatype, where, offset }: Elements): RequestError {
  const why = {
    float: `a finite number that ${datatype} can hold, or "NaN", "Infinity", "-Infinity"`,
    integer: `a whole number that ${datatype} can hold`,
    bigint: `a whole number that ${datatype} can hold; beyond 2^53 as a string of digits`,
    boolean: 'true or false',
    string: 'a string of valid Unicode without NUL',
  }[datatypes[datatype].json];
  const place = `${where}, element ${offset + index}`;
  return new RequestError(
    400,
    'DATA',
    `${place} is ${show(value)}; expected ${why}`,
    `${place}: expected ${why}`,
  );
}
