import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../lib/model/press/random-inputs.ts';
import { rangeBuilder } from '../../../lib/model/profile/range-builder.ts';

function rangeOf(values: Iterable<number>) {
  const builder = rangeBuilder();
  for (const value of values) {
    builder.add(value);
  }
  return builder.range();
}

const many = (value: number, count = 10) => Array<number>(count).fill(value);

test.each<[string, number[], [number, number] | null]>([
  ['nothing', [], null],
  ['a constant of 10 rows', many(7), [7, 7]],
  ['a constant of 9 rows', many(7, 9), [5, 10]],
  ['zeros of 9 rows', many(0, 9), [0, 5]],
  ['ages', [18, ...many(40), 90, 92], [15, 95]],
  ['children, of whom one person has 7', [...many(0), ...many(1), 7], [0, 10]],
  ['a step that is frequent at both ends', [...many(1), ...many(4)], [1, 4]],
  ['temperatures of one decimal', [36.5, ...many(36.6), 36.8].map(Math.fround), [36.5, 37]],
  ['identifiers', [1_000_017, ...many(1_000_020), 9_999_983], [1_000_000, 10_000_000]],
  ['identifiers in a row', Array.from({ length: 51 }, (_, at) => 70_001 + at), [70_000, 70_055]],
  ['an income far above others', [20_011, ...many(30_000), 1_234_567.89], [0, 1_300_000]],
  ['below zero', [-0.123, ...many(0.5), 1.171], [-0.2, 1.2]],
  ['negative zero', many(-0), [0, 0]],
  ['the greatest numbers', [-Number.MAX_VALUE, Number.MAX_VALUE], [-Number.MAX_VALUE, Number.MAX_VALUE]],
])('%s', (_, values, expected) => {
  expect(rangeOf(values)).toEqual(expected);
});

describe('all values are in the range, and no rare one is an end of it', () => {
  const random = seededRandom(9);
  const scales = [5e-324, 1e-310, 1e-40, 1e-7, 0.1, 1, 3.7, 1e6, 2 ** 53, 1e20, 1e38, 1e300];
  test.each(scales)('around %d', scale => {
    for (const offset of [0, 1, -1000]) {
      const values = Array.from({ length: 40 }, () => (offset + random()) * scale);
      for (const all of [values, values.map(Math.fround).filter(Number.isFinite)]) {
        const range = rangeOf(all);
        if (range === null) {
          continue;
        }
        expect(range[0]).toBeLessThanOrEqual(Math.min(...all));
        expect(range[1]).toBeGreaterThanOrEqual(Math.max(...all));
        expect(JSON.parse(JSON.stringify(range))).toEqual(range);
        if (scale > 1e-300 && !all.includes(0)) {
          expect(all).not.toContain(range[0]);
          expect(all).not.toContain(range[1]);
        }
      }
    }
  });
});
