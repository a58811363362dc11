import jstat from 'jstat';

/*
 * Distances between two histograms over the same bins. The reference comes first. Each takes rows, not shares.
 */

type Counts = readonly number[];

/** The share used for an empty bin, as in Evidently: https://docs.evidentlyai.com/metrics/customize_data_drift */
const emptyShare = 1e-4;

/** Population stability index: the sum of (reference − current) · ln(reference / current) over shares. */
export function populationStabilityIndex(reference: Counts, current: Counts): number {
  const p = shares(reference).map(share => share || emptyShare);
  const q = shares(current).map(share => share || emptyShare);
  return sum(p.map((share, bin) => (share - q[bin]!) * Math.log(share / q[bin]!)));
}

/** The square root of the Jensen-Shannon divergence in nats, like SciPy's `jensenshannon`: from 0 to 0.83. */
export function jensenShannonDistance(reference: Counts, current: Counts): number {
  const p = shares(reference);
  const q = shares(current);
  const terms = p.map((share, bin) => {
    const middle = (share + q[bin]!) / 2;
    return xlog(share, middle) + xlog(q[bin]!, middle);
  });
  return Math.sqrt(Math.max(0, sum(terms) / 2));
}

/** Pearson's chi-square for the homogeneity of two samples. Bins that are empty in both add no degree of freedom. */
export function chiSquare(reference: Counts, current: Counts): { statistic: number; degrees: number } {
  const [m, n] = [sum(reference), sum(current)];
  let statistic = 0;
  let filled = 0;
  for (const [bin, before] of reference.entries()) {
    const both = before + current[bin]!;
    if (both > 0 && m > 0 && n > 0) {
      filled += 1;
      statistic += (before - (both * m) / (m + n)) ** 2 / ((both * m) / (m + n));
      statistic += (current[bin]! - (both * n) / (m + n)) ** 2 / ((both * n) / (m + n));
    }
  }
  return { statistic, degrees: Math.max(0, filled - 1) };
}

/** The p-value of chi-square by its limit distribution, which is only accurate if every bin expects about 5 rows. */
export function chiSquarePValue({ statistic, degrees }: { statistic: number; degrees: number }): number {
  return degrees === 0 ? 1 : Math.max(0, 1 - jstat.chisquare.cdf(statistic, degrees));
}

/**
 * The first Wasserstein distance, as if all rows were in the middle of their bins, in standard deviations of the
 * reference. 0 for a constant, which has no scale.
 */
export function wasserstein(reference: Counts, current: Counts, middles: readonly number[]): number {
  const p = shares(reference);
  const q = shares(current);
  const mean = sum(p.map((share, bin) => share * middles[bin]!));
  const deviation = Math.sqrt(sum(p.map((share, bin) => share * (middles[bin]! - mean) ** 2)));
  let ahead = 0;
  let distance = 0;
  for (let bin = 0; bin + 1 < p.length; bin += 1) {
    ahead += p[bin]! - q[bin]!;
    distance += Math.abs(ahead) * (middles[bin + 1]! - middles[bin]!);
  }
  return deviation > 0 ? distance / deviation : 0;
}

/**
 * The likelihood ratio of two samples, half of the G statistic, in nats: how much better two distributions explain the
 * rows than one. It is the Jensen-Shannon divergence weighted by rows, and grows with them.
 */
export function likelihoodRatio(reference: Counts, current: Counts): number {
  const [m, n] = [sum(reference), sum(current)];
  let nats = 0;
  for (const [bin, before] of reference.entries()) {
    const both = (before + current[bin]!) / (m + n);
    nats += xlog(before, m * both) + xlog(current[bin]!, n * both);
  }
  return Math.max(0, nats);
}

export function shares(counts: Counts): number[] {
  const total = sum(counts);
  return counts.map(count => (total > 0 ? count / total : 0));
}

export function sum(values: Counts): number {
  let total = 0;
  for (const value of values) {
    total += value;
  }
  return total;
}

/** x · ln(x / y), which is 0 at 0. */
function xlog(x: number, y: number): number {
  return x > 0 ? x * Math.log(x / y) : 0;
}
