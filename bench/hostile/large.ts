import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Dice } from './dice.ts';

/** A body with a beginning, any number of units and no end, in a form that is costly to parse. */
interface Form {
  head?: string;
  /** Repeated; the index makes each one unique. */
  unit: (index: number) => string;
  /** The last bytes, wherever the body was cut. */
  tail?: string | Buffer;
  type?: string;
}

const json = 'application/json';
const csv = 'text/csv';
const data = '{"inputs":[{"name":"x","datatype":"FP32","shape":[1,4],"data":[';
const text = '{"inputs":[{"name":"x","datatype":"BYTES","shape":[1],"data":["';

const forms: Record<string, Form> = {
  objects: { head: '[', unit: () => '{},' },
  arrays: { head: '[', unit: () => '[],' },
  nesting: { unit: () => '[ ' },
  'nested objects': { unit: () => '{"a":' },
  commas: { head: '[', unit: () => ',' },
  brackets: { unit: () => ']' },
  spaces: { head: '{', unit: () => ' ' },
  'lines without a value': { unit: () => '\r\n\t ' },
  digits: { unit: () => '7' },
  'a number of digits': { head: `${data}0.`, unit: () => '3', tail: ']}]}' },
  integers: { head: data, unit: () => '1,', tail: '1]}]}' },
  fractions: { head: data, unit: index => `${(index * 0.37) % 7},`, tail: '1]}]}' },
  'great exponents': { head: data, unit: () => '1e309,', tail: '1]}]}' },
  pairs: { head: `${data}`, unit: () => '[1,2],', tail: '[1,2]]}]}' },
  records: { head: '[', unit: () => '{"x":[1]},', tail: '{}]' },
  'new keys': { head: '{', unit: index => `"k${index}":0,`, tail: '"z":0}' },
  'same keys': { head: '{', unit: () => '"a":0,', tail: '"a":0}' },
  'new strings': { head: '[', unit: index => `"s${index}",`, tail: '""]' },
  'same strings': { head: '[', unit: () => '"ab",', tail: '""]' },
  'long keys': { head: '[', unit: index => `{"${'k'.repeat(60)}${index}":0},`, tail: '0]' },
  'one string': { head: text, unit: () => 'abcdefgh', tail: '"]}]}' },
  'one string of escapes': { head: text, unit: () => '\\u0041', tail: '"]}]}' },
  'one string of quotes': { head: text, unit: () => '\\"', tail: '"]}]}' },
  'strings at the limit': { head: '[', unit: () => `"${'a'.repeat(8_000_000)}",`, tail: '""]' },
  'a string that never ends': { head: '["', unit: () => 'abcdefgh' },
  'two bytes a letter': { head: text, unit: () => 'éü', tail: '"]}]}' },
  'four bytes a letter': { head: text, unit: () => '😀', tail: '"]}]}' },
  'no UTF-8 at the end': { head: text, unit: () => 'é', tail: Buffer.of(0xff) },
  'two bytes a letter among numbers': { head: `["é",`, unit: () => '1,', tail: '1]' },
  zeros: { unit: () => '\0' },
  'lines of CSV': { unit: () => '1\n', type: csv },
  'cells of CSV': { unit: () => ',', type: csv },
  'one cell of CSV': { unit: () => 'a', type: csv },
  'a quoted cell of CSV': { head: '"', unit: () => 'a\n', type: csv },
  'quotes of CSV': { unit: () => '"', type: csv },
  'carriage returns of CSV': { unit: () => '1\r', type: csv },
  'wide rows of CSV': { unit: () => `${'1,'.repeat(1000)}1\n`, type: csv },
};

export const largeKinds = Object.keys(forms);

const made = new Map<string, Buffer>();

export interface LargeBody {
  kind: string;
  type: string;
  encoding?: string;
  body: Buffer;
}

/**
 * Makes a body between two thirds of the size limit and the limit, a few of them compressed. Each form is made once.
 */
export function largeBody(mostBytes: number, dice: Dice): LargeBody {
  const kind = dice.pick(largeKinds);
  const { tail = '', type = json } = forms[kind]!;
  const key = `${kind} ${mostBytes}`;
  const whole = made.get(key) ?? make(forms[kind]!, mostBytes);
  made.set(key, whole);
  if (dice.chance(0.15)) {
    const encoding = dice.pick(['br', 'gzip']);
    const packedKey = `${key} ${encoding}`;
    const packed = made.get(packedKey) ?? compress(whole, encoding);
    made.set(packedKey, packed);
    return { kind: `${kind}, ${encoding}`, type, encoding, body: packed };
  }
  const size = Math.floor(mostBytes * (2 / 3)) + dice.below(Math.floor(mostBytes / 3));
  const body = whole.subarray(0, size);
  const end = Buffer.from(tail);
  return { kind, type, body: dice.chance(0.5) ? Buffer.concat([body, end]) : body };
}

function make({ head = '', unit, tail = '' }: Form, bytes: number): Buffer {
  const parts = [head];
  for (let length = head.length, index = 0; length < bytes; index++) {
    // Appends many units at once if they are all the same.
    const next =
      unit(index) === unit(index + 1)
        ? unit(index).repeat(1 + Math.floor(65536 / unit(0).length))
        : unit(index);
    parts.push(next);
    length += next.length;
  }
  const end = Buffer.from(tail);
  return Buffer.concat([Buffer.from(parts.join('')).subarray(0, bytes - end.length), end]);
}

function compress(bytes: Buffer, encoding: string): Buffer {
  return encoding === 'gzip'
    ? gzipSync(bytes, { level: 1 })
    : brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
}
