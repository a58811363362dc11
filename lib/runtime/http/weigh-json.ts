import { containerWeight, nextTurn, partLength } from './weigh-text.ts';

/**
 * Measured costs, in units of values: V8 enters each new short string into a table, and a new field name also creates a
 * new kind of object.
 */
const newStringWeight = 16;
const newNameWeight = 40;

/** A longer string always counts as new: comparing it would cost more than it saves. */
const comparedLength = 256;
const slots = 2 ** 16;

const tab = 0x09;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const unicodeEscape = 0x75;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

export interface JsonLimits {
  /** The nesting depth of arrays and objects. */
  depth: number;
  values: number;
  /** The length of one string, in UTF-16 units. */
  stringLength: number;
}

interface JsonCount {
  at: number;
  depth: number;
  values: number;
  /** The length so far of the long string around `at`, in UTF-16 units; `outside` if there is none. */
  units: number;
  /** Hashes of the most recent short strings. */
  met: Int32Array;
}

const outside = -1;

/** @returns the limit that the JSON text exceeds, or `undefined` */
export async function weighJson(text: string, limits: JsonLimits): Promise<keyof JsonLimits | undefined> {
  const count: JsonCount = { at: 0, depth: 0, values: 0, units: outside, met: new Int32Array(slots) };
  // A parser stops as soon as more is closed than was opened.
  while (count.at < text.length && count.depth >= 0) {
    const end = Math.min(text.length, count.at + partLength);
    while (count.at < end && count.depth >= 0) {
      const weigh = count.units === outside ? weighStructure : weighString;
      const exceeded = weigh(text, { end, count, limits });
      if (exceeded !== undefined) {
        return exceeded;
      }
    }
    await nextTurn();
  }
  return undefined;
}

interface Part {
  end: number;
  count: JsonCount;
  limits: JsonLimits;
}

/** Weighs up to the end of the part, or a long string. */
function weighStructure(text: string, { end, count, limits }: Part): keyof JsonLimits | undefined {
  let { at, depth, values } = count;
  for (; at < end && depth >= 0; at++) {
    const character = text.charCodeAt(at);
    // Tests digits and capitals first, because most bodies consist mostly of them.
    if (character > comma && character < openBracket) {
      continue;
    }
    if (character === comma) {
      values += 1;
    } else if (character === openBracket || character === openBrace) {
      values += containerWeight;
      depth += 1;
    } else if (character === closeBracket || character === closeBrace) {
      depth -= 1;
    } else if (character === quote) {
      const close = endOfShort(text, at + 1, Math.min(comparedLength, limits.stringLength));
      if (close === undefined) {
        Object.assign(count, { at: at + 1, depth, values, units: 0 });
        return undefined;
      }
      values += isNew(text, at + 1, close, count.met) ? weightOfNew(text, close) : 0;
      at = close;
    } else {
      continue;
    }
    if (depth > limits.depth) {
      return 'depth';
    }
    if (values > limits.values) {
      return 'values';
    }
  }
  Object.assign(count, { at, depth, values });
  return undefined;
}

/** Weighs up to the end of the part, or of the string. */
function weighString(text: string, { end, count, limits }: Part): keyof JsonLimits | undefined {
  let { at, units } = count;
  for (; at < end; at++) {
    const character = text.charCodeAt(at);
    if (character === quote) {
      count.values += weightOfNew(text, at);
      Object.assign(count, { at: at + 1, units: outside });
      return count.values > limits.values ? 'values' : undefined;
    }
    if (character === backslash) {
      at += text.charCodeAt(at + 1) === unicodeEscape ? 5 : 1;
    }
    units += 1;
    if (units > limits.stringLength) {
      return 'stringLength';
    }
  }
  Object.assign(count, { at, units });
  return undefined;
}

/** Returns the position of a string's closing quote, or `undefined` if the string is longer or not closed. */
function endOfShort(text: string, start: number, most: number): number | undefined {
  for (let at = start; at <= start + most; at++) {
    const character = text.charCodeAt(at);
    if (character === quote) {
      return at;
    }
    at += character === backslash ? 1 : 0;
  }
  return undefined;
}

function weightOfNew(text: string, close: number): number {
  return isName(text, close + 1) ? newNameWeight : newStringWeight;
}

function isNew(text: string, start: number, end: number, met: Int32Array): boolean {
  let hash = end - start;
  for (let at = start; at < end; at++) {
    hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  }
  const slot = (hash ^ (hash >>> 16)) & (slots - 1);
  const isMet = met[slot] === hash;
  met[slot] = hash;
  return !isMet;
}

/** Whether the text after a string makes it a field name; also true if that text is too far away to search. */
function isName(text: string, end: number): boolean {
  for (let at = end; at < end + comparedLength; at++) {
    const character = text.charCodeAt(at);
    if (character !== space && character !== lineFeed && character !== tab && character !== carriageReturn) {
      return character === colon;
    }
  }
  return true;
}
