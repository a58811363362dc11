/**
 * Evidently's statistics over given bins, written from its published definitions and independently of coldpress:
 * https://docs.evidentlyai.com/metrics/customize_data_drift. The source of each is
 * https://github.com/evidentlyai/evidently/tree/main/src/evidently/legacy/calculations/stattests.
 */
export const evidently = {
  /** Empty bins are filled with 0.0001. */
  psi(before: number[], now: number[]): number {
    let psi = 0;
    for (let bin = 0; bin < before.length; bin += 1) {
      const expected = share(before, bin) === 0 ? 0.0001 : share(before, bin);
      const actual = share(now, bin) === 0 ? 0.0001 : share(now, bin);
      psi += (expected - actual) * Math.log(expected / actual);
    }
    return psi;
  },
  /** `scipy.spatial.distance.jensenshannon(p, q)`: by entropies. */
  jensenShannon(before: number[], now: number[]): number {
    const p = before.map((_, bin) => share(before, bin));
    const q = now.map((_, bin) => share(now, bin));
    const middle = p.map((value, bin) => (value + q[bin]!) / 2);
    return Math.sqrt(Math.max(0, entropy(middle) - (entropy(p) + entropy(q)) / 2));
  },
  /** `scipy.stats.chi2_contingency([before, now], correction=False)`, by its shortcut. */
  chiSquare(before: number[], now: number[]): number {
    const [m, n] = [total(before), total(now)];
    let sum = 0;
    for (let bin = 0; bin < before.length; bin += 1) {
      const column = before[bin]! + now[bin]!;
      sum += column === 0 ? 0 : before[bin]! ** 2 / (m * column) + now[bin]! ** 2 / (n * column);
    }
    return (m + n) * (sum - 1);
  },
  /** `scipy.stats.wasserstein_distance` of values in the middles, over the standard deviation of the reference. */
  wasserstein(before: number[], now: number[], middles: number[]): number {
    const mean = middles.reduce((sum, x, bin) => sum + x * share(before, bin), 0);
    const square = middles.reduce((sum, x, bin) => sum + x * x * share(before, bin), 0);
    let work = 0;
    for (let bin = 1; bin < middles.length; bin += 1) {
      const below = (counts: number[]) => total(counts.slice(0, bin)) / total(counts);
      work += Math.abs(below(before) - below(now)) * (middles[bin]! - middles[bin - 1]!);
    }
    return work / Math.sqrt(square - mean * mean);
  },
};

function share(counts: number[], bin: number): number {
  return counts[bin]! / total(counts);
}

function total(counts: number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function entropy(shares: number[]): number {
  return shares.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);
}
