import type { EngineTensor } from '../../tensor.ts';

/**
 * Returns the position of each element's category, their number for an unknown one: of all elements, or of every `step`th that
 * begins at `first`.
 */
export type FindCategories = (tensor: EngineTensor, first?: number, step?: number) => Int32Array;

/** A table for all integers between the categories is faster than a map, and may have this many entries. */
const tableSize = 4096;

/** What stands for a number that no table has: its categories are nearer to 0. */
const absent = -(2 ** 31);

/** Numbers are truncated to integers before they are looked up. The last of duplicate categories wins. */
export function categoryFinder(categories: BigInt64Array | string[]): FindCategories {
  if (Array.isArray(categories)) {
    return mapFinder(categories, text => text as string);
  }
  const numbers = Array.from(categories, Number);
  const least = Math.min(...numbers);
  const size = Math.max(...numbers) - least + 1;
  return size > tableSize || numbers.some(number => Math.abs(number) >= -absent)
    ? mapFinder(numbers, number => Math.trunc(Number(number)))
    : tableFinder(numbers, least, size);
}

function mapFinder<Category>(
  categories: readonly Category[],
  read: (element: string | number | bigint) => Category,
): FindCategories {
  const known = new Map(categories.map((category, position) => [category, position]));
  return ({ data }, first = 0, step = 1) => {
    const positions = new Int32Array(data.length / step);
    for (let i = 0, at = first; i < positions.length; i++, at += step) {
      positions[i] = known.get(read(data[at]!)) ?? categories.length;
    }
    return positions;
  };
}

function tableFinder(numbers: readonly number[], least: number, size: number): FindCategories {
  // The last entry is for all other integers.
  const table = new Int32Array(size + 1).fill(numbers.length);
  for (const [position, number] of numbers.entries()) {
    table[number - least] = position;
  }
  return (tensor, first = 0, step = 1) => {
    const positions = wholeNumbers(tensor, first, step);
    for (let i = 0; i < positions.length; i++) {
      const at = (positions[i]! - least) | 0;
      // -1 outside the table, else 0: without a branch, which no CPU could predict.
      const outside = (at | (size - 1 - at)) >> 31;
      positions[i] = table[(at & ~outside) | (size & outside)]!;
    }
    return positions;
  };
}

function wholeNumbers({ type, data }: EngineTensor, first: number, step: number): Int32Array {
  const numbers = new Int32Array(data.length / step);
  if (type === 'int64') {
    // Read by halves because reading a bigint allocates it.
    const { buffer, byteOffset } = data as BigInt64Array;
    const halves = new Int32Array(buffer, byteOffset, 2 * data.length);
    for (let i = 0, at = 2 * first; i < numbers.length; i++, at += 2 * step) {
      const low = halves[at]!;
      numbers[i] = halves[at + 1] === low >> 31 ? low : absent;
    }
  } else {
    for (let i = 0, at = first; i < numbers.length; i++, at += step) {
      const number = (data as Float32Array)[at]!;
      numbers[i] = number > absent && number < -absent ? number : absent;
    }
  }
  return numbers;
}
