/**
 * The field `drift` in a line of telemetry: counts of the rows that the invocation scored, by the columns and bins of a
 * profile. Lines are merged by addition. They contain no values of rows.
 */
export interface DriftCounts {
  v: 1;
  /** The `id` of the profile. */
  profile: string;
  /** Unique to the line: the instance, a dot, and the line's number in it. It makes duplicate lines recognisable. */
  id: string;
  /** Number of rows counted; with sampling, fewer than were scored. 0 in a line that continues another. */
  rows: number;
  /** Index of the first column in `counts`. A line that would be too long continues in further lines. @default 0 */
  from?: number;
  /**
   * Counts of each column from `from` on, in the order of `countedColumns`, separated by commas: letters of slots, each
   * followed by its count unless it is 1. `d3g` means three rows in the first bin and one in the fourth. A column may
   * have fewer rows than the line if a request did not ask for the output.
   */
  counts: string;
}

/** The slot of missing values. Every column has it, and every value is in exactly one slot. */
export const missingSlot = 0;
/** Values below the range of the reference; for categories, all that the profile does not store. */
export const belowSlot = 1;
/** Values above the range of the reference, or any number if the reference has none. */
export const aboveSlot = 2;
/** The first bin or category; the others follow. */
export const firstSlot = 3;

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

export const MOST_SLOTS = letters.length;

/** Formats the counts of a column's slots. @param start - where they begin in `slots`; `end` is where they end */
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
 * @param sums - the slots of each column
 * @returns whether the line is complete and fits the columns; if not, nothing is added
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
  if (text.length > MOST_SLOTS * 16 || !/^([a-zA-Z](\d{1,15})?)*$/.test(text)) {
    return undefined;
  }
  return Array.from(text.matchAll(/([a-zA-Z])(\d*)/g), ([, letter, count]) => [
    letters.indexOf(letter!),
    count === '' ? 1 : Number(count),
  ]);
}
