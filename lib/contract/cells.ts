import { datatypes } from './datatypes.ts';
import type { Datatype } from './manifest.ts';

/*
 * The only syntax for values in records, wherever records come from: cells of CSV, fields of JSON, columns of Parquet,
 * attributes of DynamoDB items. docs/values.md explains it.
 */

/** An element of a tensor: a bigint for 64-bit integers, NaN for a missing float. */
export type Element = number | bigint | boolean | string;

/** Spellings of a missing value in text, in any case; `null` and a missing key also count as missing. */
const missing = new Set(['', 'na', 'n/a', 'nan', 'null']);
const infinity = /^([+-]?)inf(?:inity)?$/i;
const numeral = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i;

export function isMissing(value: unknown): boolean {
  const isSpelled = typeof value === 'string' && missing.has(value.trim().toLowerCase());
  return isSpelled || value === undefined || value === null;
}

/** Converts any value in a record to the text of a category. */
export function toCategory(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : (value ?? '');
}

/** Converts a value to an element; `undefined` if the datatype cannot represent it, such as a missing integer. */
export function toElement(datatype: Datatype, value: unknown): Element | undefined {
  switch (datatypes[datatype].json) {
    case 'float':
      return isMissing(value) ? Number.NaN : toFloat(datatype, value);
    case 'boolean':
      return toBoolean(value);
    case 'string':
      return isText(value) ? value : undefined;
    default:
      return toInteger(datatype, value);
  }
}

/**
 * Converts a CSV cell to a JSON value: `null` if it is missing, text for digits that a number would round. A value that
 * the datatype cannot represent stays text, and is rejected when it is converted to an element.
 * @param datatype - of the column. If it is unknown, a valid JSON number becomes a number, an empty cell `null`, and
 *   anything else text
 */
export function toJsonCell(text: string, datatype: Datatype | undefined): string | number | boolean | null {
  if (datatype === 'BYTES') {
    return text;
  }
  if (datatype === undefined) {
    return untypedCell(text);
  }
  if (isMissing(text)) {
    return null;
  }
  const element = toElement(datatype, text) ?? text;
  if (typeof element === 'bigint') {
    return Number.isSafeInteger(Number(element)) ? Number(element) : String(element);
  }
  return typeof element === 'number' && !Number.isFinite(element) ? String(element) : element;
}

/** `007` stays text because it is a name made of digits, and so do digits that a number would round. */
function untypedCell(text: string): string | number | null {
  const trimmed = text.trim();
  if (trimmed === '') {
    return null;
  }
  const number = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : Number.NaN;
  const isExact = Number.isSafeInteger(number) || !Number.isInteger(number);
  return Number.isFinite(number) && isExact ? number : text;
}

/** Libraries compute with booleans as with 1 and 0, and pandas writes them as text. */
function asNumber(value: unknown): unknown {
  const isSpelled = typeof value === 'string' && /^\s*(?:true|false)\s*$/i.test(value);
  return typeof value === 'boolean' || isSpelled ? Number(toBoolean(value)) : value;
}

function toFloat(datatype: Datatype, given: unknown): number | undefined {
  const value = asNumber(given);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return value;
  }
  const text = typeof value === 'string' || isNumeric(value) ? String(value).trim() : '';
  const [, sign] = infinity.exec(text) ?? [];
  if (sign !== undefined) {
    return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  const number = readNumeral(text) === undefined ? Number.NaN : Number(text);
  return holds(datatype, number) ? number : undefined;
}

/** Whether a number is finite, even after rounding to the datatype. */
function holds(datatype: Datatype, number: number): boolean {
  // Numbers from 65,520 round to 65,536, which float16 cannot represent.
  return datatype === 'FP16'
    ? Math.abs(number) < 65_520
    : Number.isFinite(datatype === 'FP32' ? Math.fround(number) : number);
}

function toInteger(datatype: Datatype, given: unknown): number | bigint | undefined {
  const value = asNumber(given);
  // A larger number was already rounded when it was parsed.
  const isExact = typeof value === 'number' ? Number.isSafeInteger(value) : true;
  const isDigits = typeof value === 'string' || isNumeric(value);
  const whole = isDigits && isExact ? toWhole(String(value).trim()) : undefined;
  if (whole === undefined) {
    return undefined;
  }
  // A typed array would wrap values out of range.
  const bits = Number(datatype.replace(/\D/g, ''));
  const fitting = datatype.startsWith('U') ? BigInt.asUintN(bits, whole) : BigInt.asIntN(bits, whole);
  return fitting !== whole ? undefined : bits === 64 ? whole : Number(whole);
}

/** No 64-bit integer has more digits, and longer bigints would take long to parse. */
const mostDigits = 20;

/** Returns the exact value of a numeral without a fraction; `7.0` and `1e3` have none. */
function toWhole(text: string): bigint | undefined {
  const numeral = readNumeral(text);
  if (numeral === undefined || numeral.digits === '') {
    return numeral && 0n;
  }
  const { sign, digits, exponent } = numeral;
  const length = digits.length + exponent;
  if (length > mostDigits || /[1-9]/.test(digits.slice(Math.max(0, length)))) {
    return undefined;
  }
  const magnitude = BigInt(digits.slice(0, length).padEnd(length, '0'));
  return sign === '-' ? -magnitude : magnitude;
}

/** Splits a numeral: its value is the digits, without leading zeros, times ten to the power of the exponent. */
function readNumeral(text: string): { sign: string; digits: string; exponent: number } | undefined {
  const [, sign = '', whole = '', fraction = '', power = '0'] = numeral.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const isNumeral = whole !== '' || fraction !== '';
  return isNumeral ? { sign, digits, exponent: Number(power) - fraction.length } : undefined;
}

export function toBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') {
    return value;
  }
  const text = typeof value === 'string' || isNumeric(value) ? String(value).trim().toLowerCase() : '';
  return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : undefined;
}

/** Whether a value is text that the engine can represent: its strings are UTF-8 and end at a NUL. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\0') && value.isWellFormed();
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}
