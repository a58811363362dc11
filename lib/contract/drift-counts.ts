/**
 * What a line of telemetry says of drift, as its field `drift`: counts of the rows that the invocation scored, by the
 * columns and bins of a profile. Lines are merged by addition. No value of a row is in it.
 */
export interface DriftCounts {
  v: 1;
  /** The `id` of the profile. */
  profile: string;
  /** Unique to the line: the instance, a dot, and the number of the line in it. The same line twice is one. */
  id: string;
  /** Rows that were counted; with sampling, fewer than were scored. 0 in a line that continues another. */
  rows: number;
  /** The first column of `counts`. Default: 0. A line that is too long continues in further lines, each from a later column. */
  from?: number;
  /**
   * Of each column from `from` on, in the order of `countedColumns`, separated by commas: letters of slots, each followed by
   * its count, if that is not 1. `d3g` is three rows in the first bin and one in the fourth. A column may have fewer rows
   * than the line where a request did not ask for the output.
   */
  counts: string;
}

/** Slots of every column; every value is in one. */
export const missingSlot = 0;
/** Below the range of the reference; of a category, any that the profile does not store. */
export const belowSlot = 1;
/** Above the range of the reference, or any number where the reference has none. */
export const aboveSlot = 2;
/** Of the first bin or category; the others follow. */
export const firstSlot = 3;

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

export const MOST_SLOTS = letters.length;

/** The counts of a column's slots as text. @param start - where they begin in `slots`, and `end` where they end */
export function formatSlots(slots: ArrayLike<number>, start = 0, end = slots.length): string {
  let text = '';
  for (let slot = start; slot < end; slot += 1) {
    const count = slots[slot]!;
    if (count > 0) {
      const letter = letters[slot - start]!;
      text += count === 1 ? letter : letter + count;
    }
  }
  return text;
}

/**
 * Adds the counts of a line to sums.
 * @param sums - of each column, its slots
 * @returns whether the line is whole and fits the columns; if not, nothing is added
 */
export function addCounts(
  sums: number[][],
  { counts, from = 0 }: Pick<DriftCounts, 'counts' | 'from'>,
): boolean {
  const columns = counts.split(',').map(readSlots);
  const fits = columns.every((slots, index) =>
    slots?.every(([slot]) => slot < (sums[from + index]?.length ?? 0)),
  );
  if (!fits || from + columns.length > sums.length) {
    return false;
  }
  for (const [index, slots] of columns.entries()) {
    for (const [slot, count] of slots!) {
      sums[from + index]![slot]! += count;
    }
  }
  return true;
}

function readSlots(text: string): [slot: number, count: number][] | undefined {
  if (!/^([a-zA-Z](\d{1,15})?)*$/.test(text)) {
    return undefined;
  }
  return Array.from(text.matchAll(/([a-zA-Z])(\d*)/g), ([, letter, count]) => [
    letters.indexOf(letter!),
    count === '' ? 1 : Number(count),
  ]);
}
