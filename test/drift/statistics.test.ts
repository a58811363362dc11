import { describe, expect, test } from 'vitest';
import { detectors, drawCurrent, drawReference } from '../../bench/drift/detectors.ts';
import { calibrate } from '../../lib/drift/statistics/calibrate.ts';
import {
  chiSquare,
  chiSquarePValue,
  jensenShannonDistance,
  likelihoodRatio,
  populationStabilityIndex,
  wasserstein,
} from '../../lib/drift/statistics/distances.ts';
import { correctByHolm } from '../../lib/drift/statistics/holm.ts';
import { drawHypergeometric } from '../../lib/drift/statistics/hypergeometric.ts';
import { fixedBins, orderedBins } from '../../lib/drift/statistics/no-drift.ts';
import { drawBinomial, drawGamma, drawHistogram, drawNormal } from '../../lib/drift/statistics/random.ts';
import { seededRandom } from '../../lib/model/press/random-inputs.ts';
import { binNumbers } from '../../lib/model/profile/bin-numbers.ts';
import { evidently } from './evidently.ts';

type Random = () => number;

describe('distances are those of Evidently and SciPy', () => {
  const random = seededRandom(3);
  const cases = Array.from({ length: 40 }, () => {
    const bins = 2 + Math.floor(9 * random());
    const histogram = (most: number) => Array.from({ length: bins }, () => Math.floor(most * random() ** 3));
    const middles = Array.from({ length: bins }, (_, bin) => bin ** 1.5 + random());
    return { before: histogram(4000).with(0, 7), now: histogram(50).with(0, 3), middles };
  });

  test.each(cases)('$before and $now', ({ before, now, middles }) => {
    const close = (ours: number, theirs: number) =>
      expect(Math.abs(ours - theirs)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(theirs)));
    close(populationStabilityIndex(before, now), evidently.psi(before, now));
    close(jensenShannonDistance(before, now), evidently.jensenShannon(before, now));
    close(chiSquare(before, now).statistic, evidently.chiSquare(before, now));
    close(wasserstein(before, now, middles), evidently.wasserstein(before, now, middles));
  });

  /** From `scipy.stats.chi2_contingency` and `scipy.spatial.distance.jensenshannon`. */
  test('figures of SciPy', () => {
    const [before, now] = [
      [120, 300, 80, 0],
      [20, 30, 40, 2],
    ];
    const pearson = chiSquare(before, now);
    expect(pearson.statistic).toBeCloseTo(50.439781667607754, 9);
    expect(pearson.degrees).toBe(3);
    expect(chiSquarePValue(pearson)).toBeCloseTo(6.439243214295786e-11, 14);
    expect(jensenShannonDistance(before, now)).toBeCloseTo(0.24768658983438385, 12);
  });
});

test('a binomial, a gamma and a histogram have the moments that they should have', () => {
  const random = seededRandom(11);
  const moments = (draw: () => number) => {
    const drawn = Array.from({ length: 20_000 }, draw);
    const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length;
    return [mean, drawn.reduce((sum, x) => sum + (x - mean) ** 2, 0) / drawn.length] as const;
  };
  for (const [trials, chance] of [
    [7, 0.3],
    [400, 0.01],
    [90, 0.5],
    [50_000, 0.97],
  ] as const) {
    const [mean, variance] = moments(() => drawBinomial(trials, chance, random));
    expect(mean / (trials * chance)).toBeCloseTo(1, 1);
    expect(variance / (trials * chance * (1 - chance))).toBeCloseTo(1, 1);
  }
  const [mean, variance] = moments(() => drawGamma(9, random));
  expect([mean / 9, variance / 9]).toEqual([expect.closeTo(1, 1), expect.closeTo(1, 1)]);
  for (const [total, marked, drawn] of [
    [10, 4, 3],
    [55_000, 5500, 50_000],
    [1000, 3, 10],
  ] as const) {
    const [mean, variance] = moments(() => drawHypergeometric({ total, marked, drawn }, random));
    const share = marked / total;
    expect(mean / (drawn * share)).toBeCloseTo(1, 1);
    expect(variance / ((drawn * share * (1 - share) * (total - drawn)) / (total - 1))).toBeCloseTo(1, 1);
  }
  // A reference of as many rows as are drawn makes twice the variance of a binomial.
  const [, doubled] = moments(() => drawHistogram([500, 500], 1000, random)[0]!);
  expect(doubled / 500).toBeCloseTo(1, 1);
});

const samplers = [
  ['a reference of 43 rows', orderedBins, [0, 0, 0, 14, 14, 15], 50],
  ['values that are missing', orderedBins, [40, 0, 0, 200, 210], 400],
  ['many more rows than the reference', orderedBins, [0, 0, 0, 30, 30, 30], 5000],
  ['categories', fixedBins, [0, 3, 0, 300, 20, 10], 4000],
] as const;

test.each(samplers)(
  'the bound of the tail is above every share of samples beyond: %s',
  (_, of, reference, rows) => {
    const random = seededRandom(5);
    const current = drawHistogram(
      reference.map(count => Math.max(1, count)),
      rows,
      random,
    );
    const noDrift = of({ reference, current });
    const ratios = Array.from({ length: 3000 }, () => {
      const drawn = noDrift.draw(random);
      return likelihoodRatio(drawn.reference, drawn.current);
    }).sort((x, y) => y - x);
    for (const rank of [4, 40, 400]) {
      expect(noDrift.boundTail(ratios[rank]!)).toBeGreaterThanOrEqual(rank / ratios.length);
    }
    expect(noDrift.boundTail(ratios[0]! + 100)).toBeLessThan(1e-9);
  },
);

test('p-values are corrected as by statsmodels', () => {
  expect(correctByHolm([0.01, 0.04, 0.03, 0.005])).toEqual(
    [0.03, 0.06, 0.06, 0.02].map(p => expect.closeTo(p, 12)),
  );
  expect(correctByHolm([])).toEqual([]);
});

describe('a p-value without drift is as often small as it says', () => {
  /** Values of a population, counted by bins that are made of the reference, as a profile's are. */
  const numbers = (value: (random: Random) => number, before: number, now: number) => (random: Random) => {
    const values = Float64Array.from({ length: before }, () => value(random));
    const edges = binNumbers(values.filter(Number.isFinite));
    const [min, max] = [
      Math.min(...values.filter(Number.isFinite)),
      Math.max(...values.filter(Number.isFinite)),
    ];
    const count = (each: Float64Array) => {
      const slots = [0, 0, 0, 0, ...edges.map(() => 0)];
      for (const x of each) {
        const bin = edges.findIndex(edge => x < edge);
        slots[Number.isNaN(x) ? 0 : x < min ? 1 : x > max ? 2 : 3 + (bin < 0 ? edges.length : bin)]! += 1;
      }
      return slots;
    };
    const current = Float64Array.from({ length: now }, () => value(random));
    const histograms = { reference: count(values), current: count(current) };
    return { ...histograms, noDrift: orderedBins(histograms) };
  };
  const categories = (shares: number[], before: number, now: number) => (random: Random) => {
    const ends = shares.map((_, bin) => shares.slice(0, bin + 1).reduce((sum, share) => sum + share, 0));
    const count = (rows: number) => {
      const slots = shares.map(() => 0);
      for (let row = 0; row < rows; row += 1) {
        const at = random();
        slots[ends.findIndex(end => at < end)]! += 1;
      }
      return slots;
    };
    const histograms = { reference: count(before), current: count(now) };
    return { ...histograms, noDrift: fixedBins(histograms) };
  };
  const few = (random: Random) => Math.floor(4 * random() ** 2);

  test.each([
    ['numbers', numbers(drawNormal, 200, 200)],
    ['many more rows than the reference has', numbers(drawNormal, 100, 3000)],
    [
      'one in ten is missing',
      numbers(random => (random() < 0.1 ? Number.NaN : drawNormal(random)), 200, 300),
    ],
    ['whole numbers from 0 to 3', numbers(few, 200, 400)],
    ['half are 0', numbers(random => Math.max(0, drawNormal(random)), 200, 400)],
    ['a rare category', categories([0.5, 0.48, 0.0195, 0.0005], 300, 2000)],
  ])('%s', (_, draw) => {
    const random = seededRandom(21);
    const runs = 250;
    const pValues = Array.from(
      { length: runs },
      () =>
        calibrate({ ...draw(random), distances: {}, level: 0.05, random, samples: { least: 99, most: 99 } })
          .pValue,
    );
    const atMost = (p: number) => pValues.filter(value => value <= p).length / runs;
    // Four standard deviations of a share above it. The bound's part of the level is added to each p-value.
    for (const p of [0.05, 0.2, 0.5]) {
      expect(atMost(p)).toBeLessThan(p + 4 * Math.sqrt((p * (1 - p)) / runs));
    }
  });
});

test('of 30 features none is a false alarm, and half a deviation in one of them is found in 500 rows', () => {
  const random = seededRandom(1);
  const found = Array.from({ length: 6 }, (_, run) => {
    const rows = [50, 500][run % 2]!;
    const features = Array.from({ length: 30 }, (_, feature) =>
      drawCurrent(drawReference(2000, random), {
        rows,
        random,
        shift: feature === 0 && rows === 500 ? 0.5 : 0,
      }),
    );
    const drifted = detectors['coldpress, daily for a year']!(features);
    return drifted.flatMap((isDrifted, feature) => (isDrifted ? [feature] : []));
  });
  expect(found).toEqual(Array.from({ length: 6 }, (_, run) => (run % 2 === 0 ? [] : [0])));
});
