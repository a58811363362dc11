import { median, medianAbsoluteDeviation } from 'simple-statistics';

/**
 * Iglewicz and Hoaglin, "How to Detect and Handle Outliers" (1993): a modified Z-score beyond 3.5. hyperfine's
 * threshold is four times that, but here outliers are only shown, never dropped.
 */
const threshold = 3.5;
/** Scales the median absolute deviation of a normal distribution to its standard deviation. */
const scale = 1.4826;

/** Indices of the values that are far from the rest. */
export function findOutliers(values: readonly number[]): number[] {
  const middle = median([...values]);
  const deviation = scale * medianAbsoluteDeviation([...values]);
  return values.flatMap((value, index) =>
    deviation > 0 && Math.abs(value - middle) / deviation > threshold ? [index] : [],
  );
}
