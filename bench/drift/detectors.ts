import type { NumberColumn } from '../../lib/contract/profile.ts';
import {
  assessColumns,
  type ColumnCounts,
  type ColumnDrift,
  withoutDriftOf,
} from '../../lib/drift/assess.ts';
import { binMiddles, emptySlots, referenceSlots, valueCounts } from '../../lib/drift/histogram.ts';
import {
  jensenShannonDistance,
  populationStabilityIndex,
  wasserstein,
} from '../../lib/drift/statistics/distances.ts';
import { correctByHolm } from '../../lib/drift/statistics/holm.ts';
import { drawNormal } from '../../lib/drift/statistics/random.ts';

const bins = 10;

/** A standard normal feature as `coldpress profile` describes it: ten bins between quantiles of its own rows. */
export function drawReference(rows: number, random: () => number): NumberColumn {
  const values = Float64Array.from({ length: rows }, () => drawNormal(random)).sort();
  const ranks = Array.from({ length: bins + 1 }, (_, bin) => Math.round((bin * rows) / bins));
  return {
    ...{ name: 'x', tensor: 'x', place: { element: 0 }, datatype: 'FP32', kind: 'number', rows, missing: 0 },
    range: [values[0]!, values[rows - 1]!],
    edges: ranks.slice(1, -1).map(rank => values[rank]!),
    counts: ranks.slice(1).map((rank, bin) => rank - ranks[bin]!),
  };
}

/** Counts rows of a normal feature that is shifted from the reference by `shift` standard deviations. */
export function drawCurrent(
  column: NumberColumn,
  { rows, shift, random }: { rows: number; shift: number; random: () => number },
): ColumnCounts {
  const current = emptySlots(column);
  const [min, max] = column.range!;
  for (let row = 0; row < rows; row += 1) {
    const value = drawNormal(random) + shift;
    const bin = column.edges.findIndex(edge => value < edge);
    const slot = value < min ? 1 : value > max ? 2 : 3 + (bin < 0 ? column.edges.length : bin);
    current[slot]! += 1;
  }
  return {
    ...{ role: 'feature', column, reference: referenceSlots(column), current },
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
