import jstat from 'jstat';
import type { NumberColumn } from '../../lib/contract/profile.ts';
import {
  assessColumns,
  type ColumnCounts,
  type ColumnDrift,
  withoutDriftOf,
} from '../../lib/drift/assess.ts';
import { binMiddles, referenceSlots, valueCounts } from '../../lib/drift/histogram.ts';
import {
  jensenShannonDistance,
  populationStabilityIndex,
  sum,
  wasserstein,
} from '../../lib/drift/statistics/distances.ts';
import { correctByHolm } from '../../lib/drift/statistics/holm.ts';
import { drawGamma, drawMultinomial } from '../../lib/drift/statistics/random.ts';

const bins = 10;

/**
 * A standard normal feature as `coldpress profile` describes it: ten bins between quantiles of its own rows. Its edges
 * are drawn directly: the shares of the population between the values of a sample have a Dirichlet distribution.
 */
export function drawReference(rows: number, random: () => number): NumberColumn {
  const ranks = Array.from({ length: bins + 1 }, (_, bin) => Math.round((bin * rows) / bins));
  const counts = ranks.slice(1).map((rank, bin) => rank - ranks[bin]!);
  // The intervals between neighbouring values: one below the smallest, those of each bin, one above the largest.
  const intervals = [1, ...counts.with(-1, counts.at(-1)! - 1), 1].map(count => drawGamma(count, random));
  const total = sum(intervals);
  let below = 0;
  const [min, ...edges] = intervals.slice(0, -1).map(interval => {
    below += interval / total;
    return jstat.normal.inv(below, 0, 1);
  });
  return {
    name: 'x',
    tensor: 'x',
    place: { element: 0 },
    datatype: 'FP32',
    kind: 'number',
    rows,
    missing: 0,
    range: [min!, edges.at(-1)!],
    edges: edges.slice(0, -1),
    counts,
  };
}

/** Counts rows of a normal feature that is shifted from the reference by `shift` standard deviations. */
export function drawCurrent(
  column: NumberColumn,
  { rows, shift, random }: { rows: number; shift: number; random: () => number },
): ColumnCounts {
  const [min, max] = column.range!;
  const below = [min, ...column.edges, max].map(edge => jstat.normal.cdf(edge, shift, 1));
  const shares = [...below, 1].map((end, index) => end - (below[index - 1] ?? 0));
  const [tooSmall, ...others] = drawMultinomial(shares, rows, random);
  return {
    role: 'feature',
    column,
    reference: referenceSlots(column),
    current: [0, tooSmall!, others.pop()!, ...others],
    withoutDrift: withoutDriftOf(column, true),
  };
}

/** Decides for each feature whether it drifted. */
export type Detector = (features: readonly ColumnCounts[]) => boolean[];

const alpha = 0.05;
const options = { alpha, looks: 365, samples: { least: 0, most: 1_000_000 } };
/** Each run has its own simulation: errors of a shared one would be in all runs. */
let runs = 0;
const assessed = new WeakMap<readonly ColumnCounts[], ColumnDrift[]>();

/** Returns the columns in the order of the features. */
function assess(features: readonly ColumnCounts[]): ColumnDrift[] {
  const found = assessed.get(features);
  if (found !== undefined) {
    return found;
  }
  const named = features.map((feature, index) => ({
    ...feature,
    column: { ...feature.column, name: String(index) },
  }));
  runs += 1;
  const sorted = assessColumns(named, { ...options, seed: runs }).sort(
    (a, b) => Number(a.name) - Number(b.name),
  );
  assessed.set(features, sorted);
  return sorted;
}

function fixed(
  distance: (before: number[], now: number[], column: NumberColumn) => number,
  threshold: number,
): Detector {
  return features =>
    features.map(({ column, reference, current }) => {
      const [before, now] = [reference, current].map(slots => valueCounts(column, slots));
      return distance(before!, now!, column as NumberColumn) >= threshold;
    });
}

/** The thresholds that monitoring tools publish: PSI by rule of thumb, the others Evidently's above 1,000 rows. */
export const detectors: Record<string, Detector> = {
  'coldpress, daily for a year': features => assess(features).map(({ drifted }) => drifted),
  'coldpress, one look': features =>
    correctByHolm(assess(features).map(({ pValue }) => pValue)).map(pValue => pValue <= alpha),
  'PSI ≥ 0.1': fixed(populationStabilityIndex, 0.1),
  'PSI ≥ 0.2': fixed(populationStabilityIndex, 0.2),
  'Jensen-Shannon ≥ 0.1': fixed(jensenShannonDistance, 0.1),
  'Wasserstein ≥ 0.1': fixed((before, now, column) => wasserstein(before, now, binMiddles(column)), 0.1),
};
