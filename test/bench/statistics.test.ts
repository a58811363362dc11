import { describe, expect, test } from 'vitest';
import { conclude } from '../../lib/bench/conclude.ts';
import { sampleInterleaved } from '../../lib/bench/interleave.ts';
import { dividePhases } from '../../lib/bench/phases.ts';
import { estimateMedian, estimateRatio } from '../../lib/bench/statistics/estimate.ts';
import { findOutliers } from '../../lib/bench/statistics/outliers.ts';
import { seededRandom } from '../../lib/model/press/random-inputs.ts';
import { dataOf, noisyRounds, scripted } from './script.ts';

const silent = { onProgress: () => {} };

test('rounds interleave, each begins with another variant, and those of the warm-up are gone', async () => {
  const order: string[] = [];
  const samplers = ['a', 'b', 'c'].map(name => scripted({ name }, [999, 10, 20]));
  const variants = await sampleInterleaved(samplers, {
    samples: 2,
    discard: 1,
    onProgress: step => order.push(step.slice(-1)),
  });
  expect(order.join('')).toBe('abcbcacab');
  expect(variants.map(({ samples }) => samples.map(({ totalMs }) => totalMs))).toEqual([
    [10, 20],
    [10, 20],
    [10, 20],
  ]);
  expect(variants[2]!.samples.map(({ round }) => round)).toEqual([0, 1]);
});

test('an abort ends the rounds', async () => {
  const signal = AbortSignal.abort(new Error('stop'));
  const rounds = sampleInterleaved([scripted({ name: 'a' }, [1])], {
    samples: 1,
    discard: 0,
    signal,
    ...silent,
  });
  await expect(rounds).rejects.toThrow('stop');
});

describe('the median', () => {
  test('of known samples, within its interval; the same for the same seed', () => {
    const values = [10, 11, 12, 13, 100];
    const { value, interval } = estimateMedian(values, 1);
    expect(value).toBe(12);
    expect(interval!.low).toBeGreaterThanOrEqual(10);
    expect(interval!.high).toBeLessThanOrEqual(100);
    expect(estimateMedian(values, 1)).toEqual({ value, interval });
  });

  test('of one sample has no interval', () => {
    expect(estimateMedian([7], 1)).toEqual({ value: 7, interval: null });
    expect(estimateRatio([7], [14], 1)).toEqual({ value: 0.5, interval: null });
  });

  test('lies within its interval about 95 times of 100', () => {
    const random = seededRandom(3);
    // Skewed, as times are: exponential, whose median is ln 2.
    const hits = Array.from({ length: 200 }, (_, seed) => {
      const { interval } = estimateMedian(
        Array.from({ length: 30 }, () => -Math.log(1 - random())),
        seed,
      );
      return interval!.low <= Math.LN2 && Math.LN2 <= interval!.high;
    });
    expect(hits.filter(Boolean).length / hits.length).toBeGreaterThan(0.89);
  });
});

test('a ratio is recovered on a machine whose speed changes threefold', () => {
  const rounds = noisyRounds(40, 7);
  const random = seededRandom(8);
  const naive = rounds.map(speed => 200 * speed);
  // 0.54 of it, give or take 3 % that are its own.
  const packed = rounds.map(speed => 108 * speed * (1 + 0.06 * (random() - 0.5)));
  const { summaries } = conclude(dataOf({ naive, packed }));
  const { value, interval, to } = summaries[1]!.ratio!;
  expect(to).toBe('naive');
  expect(value).toBeCloseTo(0.54, 2);
  expect(interval!.low).toBeGreaterThan(0.52);
  expect(interval!.high).toBeLessThan(0.56);
  // While the medians alone say much less.
  const { low, high } = summaries[1]!.totalMs.interval!;
  expect((high - low) / summaries[1]!.totalMs.value).toBeGreaterThan(0.1);
});

test('outliers are found, and stay among the samples', () => {
  const totals = [10, 10.1, 10.2, 9.9, 10, 10.1, 9.8, 60];
  expect(findOutliers(totals)).toEqual([7]);
  const { summaries, variants } = conclude(dataOf({ a: totals }));
  expect(summaries[0]!.outliers).toEqual([7]);
  expect(variants[0]!.samples.length).toBe(8);
});

describe('phases', () => {
  const marks = { initMs: 100, answerMs: 30, uptime: { clientLoadedMs: 40, readyMs: 97 } };
  const cases: [string, { name: string; ms: number }[], object][] = [
    [
      'a packed function',
      [
        { name: 'boot', ms: 55 },
        { name: 'native', ms: 20 },
        { name: 'model', ms: 10 },
        { name: 'first', ms: 12 },
      ],
      { platform: 0, runtime: 43, handler: 27, native: 20, model: 10, first: 12, answer: 18 },
    ],
    [
      'a model that is opened on the first request',
      [
        { name: 'native', ms: 20 },
        { name: 'model-on-request', ms: 15 },
        { name: 'first', ms: 5 },
      ],
      { platform: 0, runtime: 43, handler: 37, native: 20, model: 15, first: 5, answer: 10 },
    ],
    ['no phases', [], { platform: 0, runtime: 43, handler: 57, native: 0, model: 0, first: 0, answer: 30 }],
  ];

  test.each(cases)('%s: they add up to the whole', (_, inside, expected) => {
    const times = dividePhases({ ...marks, inside });
    expect(times).toEqual(expected);
    expect(Object.values(times).reduce((sum, ms) => sum + ms, 0)).toBe(130);
  });
});
