import { expect, test } from 'vitest';
import { drawCurrent, drawReference } from '../../bench/drift/detectors.ts';
import { referenceSlots } from '../../lib/drift/histogram.ts';
import { likelihoodRatio } from '../../lib/drift/statistics/distances.ts';
import { drawNormal } from '../../lib/drift/statistics/random.ts';
import { seededRandom } from '../../lib/model/press/random-inputs.ts';

const [before, now, draws] = [200, 100, 3000];

/** Row by row: the values of a sample are sorted, and each later row looks up its bin. */
function drawRows(shift: number, random: () => number) {
  const values = Float64Array.from({ length: before }, () => drawNormal(random)).sort();
  const edges = Array.from({ length: 9 }, (_, edge) => values[((edge + 1) * before) / 10]!);
  const [min, max] = [values[0]!, values.at(-1)!];
  const current = Array<number>(13).fill(0);
  for (let row = 0; row < now; row += 1) {
    const value = drawNormal(random) + shift;
    const bin = edges.filter(edge => value >= edge).length;
    current[value < min ? 1 : value > max ? 2 : 3 + bin]! += 1;
  }
  return { current, range: [min, max], edges };
}

/** The distance of two samples by Kolmogorov and Smirnov. */
function maxDifference(one: number[], other: number[]): number {
  const share = (values: number[], most: number) => values.filter(value => value <= most).length;
  const steps = [...one].sort((a, b) => a - b).filter((_, index) => index % 30 === 0);
  return Math.max(...steps.map(step => Math.abs(share(one, step) - share(other, step)))) / one.length;
}

test.each([0, 0.5, -2])(
  'counts that are drawn directly have the distribution of rows that are drawn one by one, shifted by %d',
  shift => {
    const random = seededRandom(17);
    const direct = Array.from({ length: draws }, () => {
      const column = drawReference(before, random);
      const { current } = drawCurrent(column, { rows: now, shift, random });
      return { current, range: column.range!, edges: column.edges };
    });
    const byRow = Array.from({ length: draws }, () => drawRows(shift, random));
    const reference = referenceSlots(drawReference(before, random));
    const figures = (all: typeof direct) => [
      ...Array.from({ length: 13 }, (_, slot) => all.map(({ current }) => current[slot]!)),
      ...Array.from({ length: 9 }, (_, edge) => all.map(({ edges }) => edges[edge]!)),
      ...[0, 1].map(end => all.map(({ range }) => range[end]!)),
      all.map(({ current }) => likelihoodRatio(reference, current)),
    ];
    const others = figures(byRow as typeof direct);
    // A larger difference has a chance of 0.0001 in each figure.
    for (const [index, figure] of figures(direct).entries()) {
      expect(maxDifference(figure, others[index]!)).toBeLessThan(2.23 * Math.sqrt(2 / draws));
    }
  },
);
