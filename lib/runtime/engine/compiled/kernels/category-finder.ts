import type { EngineTensor } from '../../tensor.ts';

/**
 * Returns the position of each element's category, their number for an unknown one: of all elements, or of every `step`th that
 * begins at `first`.
 */
export type FindCategories = (tensor: EngineTensor, first?: number, step?: number) => Int32Array;

/** A table for all integers between the categories is faster than a map, and may have this many entries. */
const tableSize = 4096;

/** Numbers are truncated to integers before they are looked up. The last of duplicate categories wins. */
export function categoryFinder(categories: BigInt64Array | string[]): FindCategories {
  const find = Array.isArray(categories) ? undefined : numberFinder(Array.from(categories, Number));
  const count = categories.length;
  const words = new Map<unknown, number>();
  for (let position = 0; position < count; position++) {
    words.set(categories[position], position);
  }
  return ({ type, data }, first = 0, step = 1) => {
    const positions = new Int32Array(data.length / step);
    if (find === undefined) {
      for (let i = 0, at = first; i < positions.length; i++, at += step) {
        positions[i] = words.get((data as string[])[at]!) ?? count;
      }
    } else if (type === 'int64') {
      // Read by halves because reading a bigint allocates it.
      const { buffer, byteOffset } = data as BigInt64Array;
      const halves = new Int32Array(buffer, byteOffset, 2 * data.length);
      for (let i = 0, at = 2 * first; i < positions.length; i++, at += 2 * step) {
        positions[i] = find(halves[at + 1]! * 2 ** 32 + (halves[at]! >>> 0));
      }
    } else {
      for (let i = 0, at = first; i < positions.length; i++, at += step) {
        positions[i] = find(Math.trunc((data as Float32Array)[at]!));
      }
    }
    return positions;
  };
}

function numberFinder(numbers: number[]): (value: number) => number {
  const count = numbers.length;
  const least = Math.min(...numbers);
  const size = Math.max(...numbers) - least + 1;
  if (size > tableSize) {
    const positions = new Map(numbers.map((value, position) => [value, position]));
    return value => positions.get(value) ?? count;
  }
  const table = new Int32Array(size).fill(count);
  for (const [position, value] of numbers.entries()) {
    table[value - least] = position;
  }
  return value => {
    const at = value - least;
    return at >= 0 && at < size ? table[at]! : count;
  };
}
