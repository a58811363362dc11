import { expect, test } from 'vitest';
import type { CountedTensor } from '../../lib/contract/column-counter.ts';
import { columnCounters, slotStarts } from '../../lib/contract/column-counter.ts';
import type { Column } from '../../lib/contract/profile.ts';
import { withoutDriftOf } from '../../lib/drift/assess.ts';
import { referenceSlots } from '../../lib/drift/histogram.ts';
import { calibrate } from '../../lib/drift/statistics/calibrate.ts';
import { drawNormal } from '../../lib/drift/statistics/random.ts';
import { seededRandom } from '../../lib/model/press/random-inputs.ts';
import { columnBuilder } from '../../lib/model/profile/column-builder.ts';
import { referenceCounter } from '../../lib/model/profile/count-reference.ts';

type Random = () => number;

/** Profiles rows of a population, counts others, and returns the p-value. */
function pValueOf(datatype: 'BYTES' | 'FP64', draw: (random: Random) => unknown, rows: Rows, random: Random) {
  const tensorOf = (count: number): CountedTensor => {
    const data = Array.from({ length: count }, () => draw(random));
    return {
      data: datatype === 'BYTES' ? (data as string[]) : Float64Array.from(data as number[]),
      dims: [count, 1],
      rowAxis: 0,
    };
  };
  const builder = columnBuilder({ name: 'x', tensor: 'x', place: { element: 0 }, datatype });
  const before = tensorOf(rows.before);
  builder.look(before);
  const reference = referenceCounter([builder.build([before])]);
  reference.count(new Map([['x', before]]));
  const [column] = reference.columns() as [Column];
  const starts = slotStarts([column]);
  const slots = new Uint32Array(starts[1]!);
  columnCounters([column], starts)[0]!.count(tensorOf(rows.now), slots);
  const histograms = { reference: referenceSlots(column), current: [...slots] };
  return calibrate({
    ...histograms,
    noDrift: withoutDriftOf(column, true)(histograms),
    distances: {},
    level: 0.05,
    random,
    samples: { least: 99, most: 99 },
  }).pValue;
}

type Rows = { before: number; now: number; runs?: number };

const uniform = (categories: number) => (random: Random) => `c${Math.floor(categories * random())}`;
const zipf = (random: Random) => `c${Math.floor(Math.exp(Math.log(5000) * random()))}`;
let last = 0;
const unique = () => {
  last += 1;
  return `id ${last}`;
};
const infinite = (random: Random) => (random() < 0.2 ? Number.POSITIVE_INFINITY : -drawNormal(random));

test.each<[string, 'BYTES' | 'FP64', (random: Random) => unknown, Rows]>([
  ['5,000 categories, equally frequent', 'BYTES', uniform(5000), { before: 40_000, now: 20_000, runs: 40 }],
  ['of which each is stored by chance', 'BYTES', uniform(200), { before: 2000, now: 2000 }],
  ['49 categories, some by chance too rare', 'BYTES', uniform(49), { before: 500, now: 1000 }],
  ['categories by the law of Zipf', 'BYTES', zipf, { before: 10_000, now: 5000 }],
  ['identifiers', 'BYTES', unique, { before: 1000, now: 1000 }],
  ['two categories', 'BYTES', uniform(2), { before: 500, now: 500 }],
  ['one category', 'BYTES', uniform(1), { before: 100, now: 500 }],
  ['a fifth is infinite', 'FP64', infinite, { before: 500, now: 1000 }],
  ['a range that is rounded', 'FP64', drawNormal, { before: 100, now: 2000 }],
])('without drift, a p-value is as often small as it says: %s', (_, datatype, draw, rows) => {
  const random = seededRandom(31);
  const { runs = 150 } = rows;
  const pValues = Array.from({ length: runs }, () => pValueOf(datatype, draw, rows, random));
  const atMost = (p: number) => pValues.filter(value => value <= p).length / runs;
  // Four standard deviations of a share above it.
  for (const p of [0.05, 0.2, 0.5]) {
    expect(atMost(p)).toBeLessThan(p + 4 * Math.sqrt((p * (1 - p)) / runs));
  }
});
