import { containerWeight, nextTurn, partLength } from './weigh-text.ts';

/**
 * In values, as measured: a short string that V8 meets for the first time is entered into a table, and such a name of a
 * field makes a new kind of object.
 */
const newStringWeight = 16;
const newNameWeight = 40;

/** A longer string counts as new each time it comes: comparing it would cost more than it weighs. */
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
  /** Arrays and objects within one another. */
  depth: number;
  values: number;
  /** Of one string, in UTF-16 units. */
  stringLength: number;
}

interface JsonCount {
  at: number;
  depth: number;
  values: number;
  /** Of the long string that `at` is in, in UTF-16 units; `outside` where it is in none. */
  units: number;
  /** Hashes of the short strings that were met last. */
  met: Int32Array;
}

const outside = -1;

/** @returns the limit that the JSON text exceeds; `undefined` where it exceeds none */
export async function weighJson(text: string, limits: JsonLimits): Promise<keyof JsonLimits | undefined> {
  const count: JsonCount = { at: 0, depth: 0, values: 0, units: outside, met: new Int32Array(slots) };
  // Where more is closed than was opened, a parser goes no further.
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

/** Up to the end of the part, or a long string. */
function weighStructure(text: string, { end, count, limits }: Part): keyof JsonLimits | undefined {
  let { at, depth, values } = count;
  for (; at < end && depth >= 0; at++) {
    const character = text.charCodeAt(at);
    // Digits and capitals first: most characters of most bodies.
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

/** Up to the end of the part, or of the string. */
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

/** Where the closing quote of a string is; `undefined` for a longer one, and one without. */
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

/** Whether what follows a string makes it the name of a field, as it does where it is too far away to be looked for. */
function isName(text: string, end: number): boolean {
  for (let at = end; at < end + comparedLength; at++) {
    const character = text.charCodeAt(at);
    if (character !== space && character !== lineFeed && character !== tab && character !== carriageReturn) {
      return character === colon;
    }
  }
  return true;
}
