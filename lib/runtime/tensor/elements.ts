import { type Element, isMissing, isText, toElement } from '../../contract/cells.ts';
import { type DatatypeCodec, datatypes } from '../../contract/datatypes.ts';
import { toFloat16Bits } from '../../contract/float16.ts';
import type { Datatype } from '../../contract/manifest.ts';
import type { TensorData } from '../../contract/tensor-data.ts';
import { RequestError } from '../errors.ts';
import { show } from './show.ts';

interface ElementOptions {
  datatype: Datatype;
  /** The location for error messages. */
  where: string;
  /** Whether values are those of a record, in the syntax of `lib/contract/cells.ts`. @default a tensor's own syntax */
  areCells?: boolean;
  /** Names of the elements, if they have any. */
  names?: readonly string[] | undefined;
}

/** Elements being read into a tensor, part by part: nested data is read in place. */
interface Elements extends ElementOptions {
  /** Where the part begins in the whole tensor, row-major. */
  offset: number;
}

/**
 * Reads the elements of a tensor from JSON values without changing any: a value that the datatype cannot represent is
 * rejected with its index.
 * @param parts - the innermost arrays, whose lengths add up to `size`
 */
export function readParts(
  parts: readonly (readonly unknown[])[],
  size: number,
  options: ElementOptions,
): TensorData {
  const { datatype } = options;
  const { array, json } = datatypes[datatype];
  const out: TensorData = array === undefined ? new Array<string>(size) : new array(size);
  const read: Reader = datatype === 'FP16' ? readHalves : readers[json];
  let offset = 0;
  for (const part of parts) {
    read(part, out, { ...options, offset });
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
    const number = typeof value === 'number' ? value : otherFloat(value, i, elements);
    out[offset + i] = number;
    // A finite number that became infinite is too large for the datatype.
    if (!Number.isFinite(out[offset + i]) && Number.isFinite(number)) {
      throw badElement(i, value, elements);
    }
  }
}

/** Longer arrays use a separate loop. */
const manyElements = 64;

/**
 * Copies numbers up to the first that needs closer inspection. V8 compiles a loop for the kinds of arrays that it has
 * seen there, and allocates an object for every number once an array contained other values: short arrays are of all
 * kinds, and must not make those of images ten times slower.
 * @returns the number of elements copied
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
    const number = typeof value === 'number' ? value : otherFloat(value, i, elements);
    const bits = toFloat16Bits(number);
    if ((bits & 0x7fff) === 0x7c00 && Number.isFinite(number)) {
      throw badElement(i, value, elements);
    }
    out[elements.offset + i] = bits;
  }
}

/** Reads a float that is not written as a number. */
function otherFloat(value: unknown, index: number, elements: Elements): number {
  if (typeof value === 'string' && Object.hasOwn(spelledFloats, value)) {
    return spelledFloats[value]!;
  }
  return fromCell(value, index, elements) as number;
}

/** Returns the element for a record's value. @throws RequestError 400 if it is invalid, and always for tensors */
function fromCell(value: unknown, index: number, elements: Elements): Element {
  const element = elements.areCells ? toElement(elements.datatype, value) : undefined;
  if (element === undefined) {
    throw badElement(index, value, elements);
  }
  return element;
}

function readIntegers(values: readonly unknown[], out: Int32Array, elements: Elements): void {
  const { min, max } = datatypes[elements.datatype];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const fits = Number.isInteger(value) && (value as number) >= min! && (value as number) <= max!;
    out[elements.offset + i] = (fits ? value : fromCell(value, i, elements)) as number;
  }
}

function readBigInts(
  values: readonly unknown[],
  out: BigInt64Array | BigUint64Array,
  elements: Elements,
): void {
  const { offset } = elements;
  for (let i = 0; i < values.length; i++) {
    const value = toBigInt(values[i]) ?? (fromCell(values[i], i, elements) as bigint);
    out[offset + i] = value;
    if (out[offset + i] !== value) {
      throw badElement(i, values[i], elements);
    }
  }
}

/** A JSON number above 2^53 may already have been rounded by its parser, so only a string of digits is safe. */
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
    const value = typeof values[i] === 'boolean' ? values[i] : fromCell(values[i], i, elements);
    out[elements.offset + i] = value ? 1 : 0;
  }
}

function readStrings(values: readonly unknown[], out: string[], elements: Elements): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    // A string that the engine cannot represent would arrive changed.
    if (!isText(value)) {
      throw badElement(i, value, elements);
    }
    out[elements.offset + i] = value;
  }
}

function badElement(index: number, value: unknown, elements: Elements): RequestError {
  const { datatype, where, offset, areCells, names } = elements;
  const whole = `a whole number that ${datatype} can hold`;
  const why = {
    float: `a finite number that ${datatype} can hold, or "NaN", "Infinity", "-Infinity"`,
    integer: whole,
    bigint: `${whole}; beyond 2^53 as a string of digits`,
    boolean: 'true or false',
    string: typeof value === 'string' ? 'valid Unicode without NUL' : 'a string',
  }[datatypes[datatype].json];
  const name = names?.[offset + index];
  const place =
    name === undefined ? `${where}, element ${offset + index}` : `feature ${JSON.stringify(name)}`;
  const problem = areCells && isMissing(value) ? 'is missing' : `is ${show(value)}`;
  return new RequestError(400, 'DATA', `${place} ${problem}; expected ${why}`, `${place}: expected ${why}`);
}
