import { invalid } from '../invalid.ts';
import { startNumberList } from './number-list.ts';
import { mostDepth, type OnItem, type ParseOptions } from './parse-options.ts';

const quote = 0x22;
const backslash = 0x5c;
const minus = 0x2d;
/** Of UTF-8, in Latin-1. Editors on Windows write it. */
const byteOrderMark = '\xef\xbb\xbf';

/** Literals of JSON, and those that XGBoost writes for floats that JSON cannot represent. */
const words: Record<string, unknown> = {
  true: true,
  false: false,
  null: null,
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/**
 * Parses JSON as XGBoost writes it, with `NaN` and `Infinity`. Lists of numbers become typed arrays, and the text never
 * becomes one string, so that a large model needs little memory.
 * @throws ColdpressError BOOSTER_INVALID
 */
export function parseXgBoostJson(bytes: Buffer, { skipped, items }: ParseOptions = {}): unknown {
  let at = bytes.toString('latin1', 0, byteOrderMark.length) === byteOrderMark ? byteOrderMark.length : 0;
  const wrong = () => {
    const found = at < bytes.length ? JSON.stringify(bytes.toString('latin1', at, at + 20)) : 'the end';
    return invalid('XGBoost', `${found} at byte ${at} is not valid JSON`);
  };
  const space = () => {
    while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) {
      at++;
    }
  };
  const take = (character: string): boolean => {
    space();
    const isThere = bytes[at] === character.charCodeAt(0);
    at += isThere ? 1 : 0;
    return isThere;
  };
  const need = (character: string) => {
    if (!take(character)) {
      throw wrong();
    }
  };
  const text = (): string => {
    const start = at;
    need('"');
    const first = at;
    let isPlain = true;
    while (bytes[at] !== quote) {
      if (at >= bytes.length) {
        throw wrong();
      }
      isPlain &&= bytes[at] !== backslash;
      at += bytes[at] === backslash ? 2 : 1;
    }
    at++;
    if (isPlain) {
      return bytes.toString('utf8', first, at - 1);
    }
    try {
      return JSON.parse(bytes.toString('utf8', start, at).trimStart());
    } catch {
      at = start;
      throw wrong();
    }
  };
  /** Parses a number or a literal. */
  const scalar = (): unknown => {
    const start = at;
    let whole = 0;
    while (bytes[at]! >= 0x30 && bytes[at]! <= 0x39) {
      whole = 10 * whole + bytes[at++]! - 0x30;
    }
    // Up to 15 digits are exact.
    if (at > start && at - start < 16 && !isOfToken(bytes[at])) {
      return whole;
    }
    while (isOfToken(bytes[at])) {
      at++;
    }
    const token = bytes.toString('latin1', start, Math.min(at, start + 400));
    if (Object.hasOwn(words, token)) {
      return words[token];
    }
    if (!/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(token)) {
      at = start;
      throw wrong();
    }
    return Number(token);
  };
  const list = (depth: number, onItem?: OnItem): unknown => {
    const numbers = startNumberList();
    const items: unknown[] = [];
    let count = 0;
    if (!take(']')) {
      do {
        space();
        const start = at;
        const item = value(depth + 1);
        if (onItem !== undefined) {
          onItem(item);
          continue;
        }
        const isNumber = typeof item === 'number' && items.length === 0;
        if (isNumber) {
          numbers.push(item);
          count++;
        } else if (count === 0) {
          items.push(item);
        } else {
          throw invalid('XGBoost', `a list of numbers has something else at byte ${start}`);
        }
      } while (take(','));
      need(']');
    }
    return count > 0 ? numbers.finish() : items;
  };
  const object = (depth: number): Record<string, unknown> => {
    const entries: [string, unknown][] = [];
    if (!take('}')) {
      do {
        space();
        const key = text();
        need(':');
        const found = value(depth + 1, items?.get(key));
        if (!skipped?.has(key)) {
          entries.push([key, found]);
        }
      } while (take(','));
      need('}');
    }
    return Object.fromEntries(entries);
  };
  function value(depth: number, onItem?: OnItem): unknown {
    if (depth > mostDepth) {
      throw invalid('XGBoost', `more than ${mostDepth} levels of JSON`);
    }
    space();
    switch (bytes[at]) {
      case 0x7b:
        at++;
        return object(depth);
      case 0x5b:
        at++;
        return list(depth, onItem);
      case quote:
        return text();
      default:
        return scalar();
    }
  }
  const found = value(0);
  space();
  if (at < bytes.length) {
    throw wrong();
  }
  return found;
}

function isOfToken(byte: number | undefined): boolean {
  return (
    byte !== undefined &&
    ((byte >= 0x30 && byte <= 0x39) ||
      (byte >= 0x41 && byte <= 0x5a) ||
      (byte >= 0x61 && byte <= 0x7a) ||
      byte === minus ||
      byte === 0x2b ||
      byte === 0x2e)
  );
}
