/**
 * What a text costs once it is parsed, counted in one pass over its characters: values of two bytes each become
 * objects of thirty times their size, and a second of work, before anything can look at them.
 */

/** A longer text is weighed before it is parsed. Up to here a parser is done in milliseconds, whatever it gets. */
export const weighedLength = 2 ** 18;

/**
 * In values. Measured: V8 takes 50 ns and 20 bytes for an element of an array, 4 times that for an array or object, and
 * 16 times for a short string that it meets for the first time, which it enters into a table.
 */
const containerWeight = 4;
const newStringWeight = 16;

/** More characters of a string are not compared: V8's table is for short ones. */
const hashedLength = 24;
const slots = 2 ** 14;

const lineFeed = 0x0a;
const quote = 0x22;
const comma = 0x2c;
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

/** @returns the limit that the JSON text exceeds; `undefined` where it exceeds none */
export function weighJson(text: string, limits: JsonLimits): keyof JsonLimits | undefined {
  const { length } = text;
  const met = new Int32Array(slots);
  let depth = 0;
  let values = 0;
  for (let at = 0; at < length; at++) {
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
      const end = endOfString(text, at + 1);
      if (end - at > limits.stringLength && lengthOfString(text, at + 1, end) > limits.stringLength) {
        return 'stringLength';
      }
      const hash = hashOf(text, at + 1, Math.min(end, at + 1 + hashedLength));
      const slot = (hash ^ (hash >>> 14)) & (slots - 1);
      values += met[slot] === hash ? 0 : newStringWeight;
      met[slot] = hash;
      at = end;
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
  return undefined;
}

/** @returns the limit that the text of CSV exceeds; `undefined` where it exceeds none */
export function weighCsv(
  text: string,
  limits: { rows: number; values: number },
): 'rows' | 'values' | undefined {
  const { length } = text;
  let rows = 0;
  let values = 0;
  let isQuoted = false;
  for (let at = 0; at < length; at++) {
    const character = text.charCodeAt(at);
    if (character > comma) {
      continue;
    }
    // Quotes are as `lib/contract/csv.ts` reads them.
    if (character === quote && !isQuoted) {
      isQuoted = isCellStart(text, at);
    } else if (character === quote && text.charCodeAt(at + 1) === quote) {
      at += 1;
    } else if (character === quote) {
      isQuoted = false;
    } else if (character === comma && !isQuoted) {
      values += 1;
    } else if (character === lineFeed && !isQuoted) {
      values += containerWeight;
      rows += 1;
    }
    if (rows > limits.rows) {
      return 'rows';
    }
    if (values > limits.values) {
      return 'values';
    }
  }
  return undefined;
}

function isCellStart(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  return at === 0 || before === comma || before === lineFeed;
}

/** Between two steps of a long text, so that it keeps other requests from no more than one of them at a time. */
export function nextTurn(): Promise<void> {
  return new Promise(resolve => void setImmediate(resolve));
}

/** Where the closing quote is, or the end of the text. */
function endOfString(text: string, start: number): number {
  const { length } = text;
  let at = start;
  for (; at < length; at++) {
    const character = text.charCodeAt(at);
    if (character === quote) {
      break;
    }
    at += character === backslash ? 1 : 0;
  }
  return at;
}

/** Without what escapes it. */
function lengthOfString(text: string, start: number, end: number): number {
  let length = 0;
  for (let at = start; at < end; at++) {
    if (text.charCodeAt(at) === backslash) {
      at += text.charCodeAt(at + 1) === unicodeEscape ? 5 : 1;
    }
    length += 1;
  }
  return length;
}

function hashOf(text: string, start: number, end: number): number {
  let hash = end - start;
  for (let at = start; at < end; at++) {
    hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  }
  return hash;
}
