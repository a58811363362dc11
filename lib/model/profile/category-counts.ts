import { LEAST_ROWS, MOST_CATEGORIES } from '../../contract/profile.ts';

/** Longer text is not treated as a category and is kept out of profiles. */
const longest = 100;

/** Maximum number of different texts counted at once. */
const mostTexts = 20_000;

/** Counts texts in bounded memory. */
export interface CategoryCounts {
  add(text: string): void;
  /** The most frequent categories. Exact up to 20,000 texts; beyond, those of at least 1 in 10,000 rows are found. */
  top(): string[];
  /** Whether `top` has every text that was counted, so that nothing was chosen. */
  isComplete(): boolean;
}

/** Uses the Misra-Gries algorithm (https://doi.org/10.1016/0167-6423(82)90012-0): counts are never too high. */
export function categoryCounts(): CategoryCounts {
  const counts = new Map<string, number>();
  let hasDropped = false;
  return {
    add(text) {
      if (text === '' || text.length > longest) {
        hasDropped ||= text !== '';
        return;
      }
      counts.set(text, (counts.get(text) ?? 0) + 1);
      if (counts.size > mostTexts) {
        hasDropped = true;
        halve(counts);
      }
    },
    isComplete: () =>
      !hasDropped &&
      counts.size <= MOST_CATEGORIES &&
      [...counts.values()].every(count => count >= LEAST_ROWS),
    top: () =>
      [...counts]
        .filter(([, count]) => count >= LEAST_ROWS)
        .sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1))
        .slice(0, MOST_CATEGORIES)
        .map(([text]) => text),
  };
}

/** Subtracts the median count from each, and removes texts whose count reaches 0. */
function halve(counts: Map<string, number>): void {
  const sorted = Uint32Array.from(counts.values()).sort();
  const median = sorted[sorted.length >> 1]!;
  for (const [text, count] of counts) {
    if (count <= median) {
      counts.delete(text);
    } else {
      counts.set(text, count - median);
    }
  }
}
