import { median, quantileSorted } from 'simple-statistics';
import { seededRandom } from '../../model/press/random-inputs.ts';

/** A statistic with its 95 % interval. */
export interface Estimate {
  value: number;
  /** `null` for a single sample, which has no interval. */
  interval: { low: number; high: number } | null;
}

type Values = readonly number[];

const resamples = 2000;

/** Combines the medians of one or more samples, with a percentile bootstrap interval. */
function bootstrap(
  samples: readonly Values[],
  combine: (...medians: number[]) => number,
  seed: number,
): Estimate {
  const value = combine(...samples.map(sample => median([...sample])));
  if (samples.some(sample => sample.length < 2)) {
    return { value, interval: null };
  }
  const random = seededRandom(seed);
  const draw = (sample: Values) => median(sample.map(() => sample[Math.floor(random() * sample.length)]!));
  const drawn = Array.from({ length: resamples }, () => combine(...samples.map(draw))).sort((a, b) => a - b);
  return { value, interval: { low: quantileSorted(drawn, 0.025), high: quantileSorted(drawn, 0.975) } };
}

export function estimateMedian(values: Values, seed: number): Estimate {
  return bootstrap([values], value => value, seed);
}

/**
 * The ratio of `values` to `reference`: the median of each round's ratio, so that a round in which the whole machine
 * was slow counts like any other.
 */
export function estimatePairedRatio(values: Values, reference: Values, seed: number): Estimate {
  return estimateMedian(
    values.map((value, round) => value / reference[round]!),
    seed,
  );
}

/** The ratio of two medians of independent samples, such as those of two benchmark runs. */
export function estimateRatio(values: Values, reference: Values, seed: number): Estimate {
  return bootstrap([values, reference], (value, other) => value! / other!, seed);
}

/** The difference of two medians, as `estimateRatio`, for values that may be zero. */
export function estimateDifference(values: Values, reference: Values, seed: number): Estimate {
  return bootstrap([values, reference], (value, other) => value! - other!, seed);
}
