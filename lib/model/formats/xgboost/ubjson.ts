import { invalid } from '../invalid.ts';
import { mostDepth, type OnItem, type ParseOptions } from './parse-options.ts';

/** Types of lists of numbers, which XGBoost writes without a marker per element. */
const numberTypes = {
  i: { bytes: 1, List: Int8Array, read: (view: DataView, at: number) => view.getInt8(at) },
  U: { bytes: 1, List: Uint8Array, read: (view: DataView, at: number) => view.getUint8(at) },
  I: { bytes: 2, List: Int16Array, read: (view: DataView, at: number) => view.getInt16(at) },
  l: { bytes: 4, List: Int32Array, read: (view: DataView, at: number) => view.getInt32(at) },
  L: { bytes: 8, List: Float64Array, read: (view: DataView, at: number) => Number(view.getBigInt64(at)) },
  d: { bytes: 4, List: Float32Array, read: (view: DataView, at: number) => view.getFloat32(at) },
  D: { bytes: 8, List: Float64Array, read: (view: DataView, at: number) => view.getFloat64(at) },
} as const;
/** Types without bytes, which XGBoost never writes: a few bytes could declare a list of any length. */
const emptyTypes = new Set(['Z', 'N', 'T', 'F']);
type NumberType = keyof typeof numberTypes;

/**
 * Parses Universal Binary JSON (draft 12), as far as XGBoost uses it: big-endian numbers, lists and objects with or
 * without a count, lists of one number type as typed arrays. Reads no byte twice, and makes nothing larger than the
 * contents of the file. https://ubjson.org
 * @throws ColdpressError BOOSTER_INVALID
 */
export function parseUbjson(bytes: Buffer, { skipped, items }: ParseOptions = {}): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const wrong = (what: string) => invalid('XGBoost', `${what} at byte ${at} of the UBJSON`);

  const need = (count: number) => {
    if (count < 0 || at + count > bytes.length) {
      throw wrong('it ends early');
    }
  };
  const marker = (): string => {
    do {
      need(1);
      at++;
      // N is "no operation".
    } while (bytes[at - 1] === 0x4e);
    return String.fromCharCode(bytes[at - 1]!);
  };
  const number = (type: string): number => {
    if (!Object.hasOwn(numberTypes, type)) {
      throw wrong(`the marker ${JSON.stringify(type)} is unknown`);
    }
    const { bytes: size, read } = numberTypes[type as NumberType];
    need(size);
    at += size;
    return read(view, at - size);
  };
  const length = (): number => {
    const value = number(marker());
    if (!Number.isInteger(value) || value < 0 || value > bytes.length) {
      throw wrong(`a length of ${value}`);
    }
    return value;
  };
  const text = (): string => {
    const size = length();
    need(size);
    at += size;
    return bytes.toString('utf8', at - size, at);
  };
  /** Reads the type of all elements and their count, if the container declares them. */
  const header = (): { type: string | undefined; count: number | undefined } => {
    let type: string | undefined;
    if (bytes[at] === 0x24) {
      at++;
      type = marker();
    }
    if (bytes[at] === 0x23) {
      at++;
      return { type, count: length() };
    }
    if (type !== undefined) {
      throw wrong('a type without a count');
    }
    return { type, count: undefined };
  };
  const isEnd = (end: number): boolean => {
    need(1);
    if (bytes[at] === end) {
      at++;
      return true;
    }
    return false;
  };
  const list = (depth: number, onItem?: OnItem): unknown => {
    const { type, count } = header();
    if (type !== undefined && count !== undefined && Object.hasOwn(numberTypes, type)) {
      const { bytes: size, List, read } = numberTypes[type as NumberType];
      need(count * size);
      const numbers = new List(count);
      for (let i = 0; i < count; i++) {
        numbers[i] = read(view, at + i * size);
      }
      at += count * size;
      return numbers;
    }
    if (type !== undefined && emptyTypes.has(type)) {
      throw wrong(`a list of type ${type}`);
    }
    const found: unknown[] = [];
    for (let left = count; left === undefined ? !isEnd(0x5d) : left > 0; left = left && left - 1) {
      const item = value(type ?? marker(), depth + 1);
      if (onItem === undefined) {
        found.push(item);
      } else {
        onItem(item);
      }
    }
    return found;
  };
  const object = (depth: number): Record<string, unknown> => {
    const { type, count } = header();
    const entries: [string, unknown][] = [];
    while (count === undefined ? !isEnd(0x7d) : entries.length < count) {
      const key = text();
      const found = value(type ?? marker(), depth + 1, items?.get(key));
      if (!skipped?.has(key)) {
        entries.push([key, found]);
      }
    }
    return Object.fromEntries(entries);
  };
  function value(type: string, depth: number, onItem?: OnItem): unknown {
    if (depth > mostDepth) {
      throw wrong(`more than ${mostDepth} levels`);
    }
    switch (type) {
      case '{':
        return object(depth);
      case '[':
        return list(depth, onItem);
      case 'S':
        return text();
      case 'C':
        need(1);
        return String.fromCharCode(bytes[at++]!);
      case 'Z':
        return null;
      case 'T':
        return true;
      case 'F':
        return false;
      default:
        return number(type);
    }
  }
  return value(marker(), 0);
}
