import { expect, test } from 'vitest';
import { evaluate, fitDimension } from '../../../lib/model/sizes/fit.ts';

/** Dimensions of what a node makes, by the sizes of inputs; and how far a bound may lie above at sizes never tried. */
const cases: [name: string, (a: number, b: number) => number, above?: number][] = [
  ['a constant', () => 7],
  ['one size', a => a],
  ['what a window leaves of it', a => a - 2],
  ['a stride', a => Math.ceil(a / 2), 2],
  ['a stride of three', a => Math.floor(a / 3) + 1, 100],
  ['a square', a => a * a],
  ['a square and more', a => 3 * a * a + 2 * a + 5],
  ['a product', (a, b) => a * b],
  ['a product and more', (a, b) => (a + 1) * b],
  ['one behind the other', (a, b) => a + b],
  ['patches', (a, b) => Math.floor(a / 8) * Math.floor(b / 8), 20_000],
  ['the greater of two', (a, b) => Math.max(a, b), 1000],
];

const base = [2, 2];
const line = [8, 16, 32];
const tried = [base, ...line.map(a => [a, 2]), ...line.map(b => [2, b]), [32, 32]];

test.each(cases)('a dimension that is %s', (_, dimension, above = 0.01) => {
  const terms = fitDimension(
    base,
    tried.map(sizes => ({ sizes, made: dimension(sizes[0]!, sizes[1]!) })),
  );
  for (const [a, b] of [...tried, [1, 1], [100, 7], [1000, 1000]] as [number, number][]) {
    const bound = evaluate(terms, [a, b]);
    // Of a number that is the greater of two, or of patches, the rounding of small sizes is all that is not bounded.
    expect(bound).toBeGreaterThanOrEqual(dimension(a, b) - 1);
    expect(bound - dimension(a, b)).toBeLessThanOrEqual(above);
  }
});
