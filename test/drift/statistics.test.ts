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
import { drawBinomial, drawGamma, drawHistogram } from '../../lib/drift/statistics/random.ts';
import { boundTail } from '../../lib/drift/statistics/tail-bound.ts';
import { seededRandom } from '../../lib/model/press/random-inputs.ts';
import { evidently } from './evidently.ts';

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
  // A reference of as many rows as are drawn makes twice the variance of a binomial.
  const [, doubled] = moments(() => drawHistogram([500, 500], 1000, random)[0]!);
  expect(doubled / 500).toBeCloseTo(1, 1);
});

test('the bound of the tail is above every share of samples beyond', () => {
  const random = seededRandom(5);
  for (const [weights, rows] of [
    [[1, 1, 1, 20, 20, 20], 50],
    [[300, 20, 1, 1], 4000],
    [Array.from({ length: 10 }, () => 500), 500],
  ] as const) {
    const ratios = Array.from({ length: 4000 }, () =>
      likelihoodRatio(weights, drawHistogram(weights, rows, random)),
    ).sort((a, b) => b - a);
    for (const rank of [4, 40, 400]) {
      expect(boundTail(weights, ratios[rank]!)).toBeGreaterThanOrEqual(rank / ratios.length);
    }
    expect(boundTail(weights, ratios[0]! + 100)).toBeLessThan(1e-9);
  }
});

test('p-values are corrected as by statsmodels', () => {
  expect(correctByHolm([0.01, 0.04, 0.03, 0.005])).toEqual(
    [0.03, 0.06, 0.06, 0.02].map(p => expect.closeTo(p, 12)),
  );
  expect(correctByHolm([])).toEqual([]);
});

test('a p-value without drift is as often small as it says', () => {
  const random = seededRandom(21);
  const weights = [1, 1, 1, ...Array.from({ length: 10 }, () => 100)];
  const pValues = Array.from(
    { length: 300 },
    () =>
      calibrate({
        ...{ reference: weights, weights, current: drawHistogram(weights, 200, random), distances: {} },
        ...{ level: 0.05, random, samples: { least: 100, most: 1000 } },
      }).pValue,
  );
  const atMost = (p: number) => pValues.filter(value => value <= p).length / pValues.length;
  expect(atMost(0.5)).toBeCloseTo(0.5, 0.7);
  expect(atMost(0.1)).toBeLessThan(0.16);
  expect(atMost(0.1)).toBeGreaterThan(0.05);
});

test('of 30 features none is a false alarm, and half a deviation in one of them is found in 500 rows', () => {
  const random = seededRandom(1);
  const found = Array.from({ length: 6 }, (_, run) => {
    const rows = [50, 500][run % 2]!;
    const features = Array.from({ length: 30 }, (_, feature) =>
      drawCurrent(drawReference(2000, random), {
        ...{ rows, random },
        shift: feature === 0 && rows === 500 ? 0.5 : 0,
      }),
    );
    const drifted = detectors['coldpress, daily for a year']!(features);
    return drifted.flatMap((isDrifted, feature) => (isDrifted ? [feature] : []));
  });
  expect(found).toEqual(Array.from({ length: 6 }, (_, run) => (run % 2 === 0 ? [] : [0])));
});
