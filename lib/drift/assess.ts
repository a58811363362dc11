import type { Column } from '../contract/profile.ts';
import { seededRandom } from '../model/press/random-inputs.ts';
import { binMiddles, type Rates, ratesOf, type Slots, valueCounts, valueLabels } from './histogram.ts';
import { type Calibrated, calibrate, type Distance, defaultSamples } from './statistics/calibrate.ts';
import {
  chiSquare,
  chiSquarePValue,
  jensenShannonDistance,
  populationStabilityIndex,
  shares,
  sum,
  wasserstein,
} from './statistics/distances.ts';
import { correctByHolm } from './statistics/holm.ts';
import { fixedBins, type Histograms, type NoDrift, orderedBins } from './statistics/no-drift.ts';

/** Counts of one column in the reference and in the current rows. */
export interface ColumnCounts {
  role: 'feature' | 'output';
  column: Column;
  reference: Slots;
  current: Slots;
  withoutDrift: (histograms: Histograms) => NoDrift;
}

/** @param isProfile - whether the reference consists of the rows that the bins were made from */
export function withoutDriftOf(column: Column, isProfile: boolean): ColumnCounts['withoutDrift'] {
  return isProfile && column.kind === 'number' ? orderedBins : fixedBins;
}

export interface ColumnDrift {
  name: string;
  role: ColumnCounts['role'];
  kind: Column['kind'];
  /** Number of rows counted. */
  rows: { reference: number; current: number };
  /** Whether the corrected p-value is at most `alpha`. */
  drifted: boolean;
  /** The p-value of this column alone, looked at once. */
  pValue: number;
  /** Corrected for the number of columns and looks. */
  correctedPValue: number;
  /** The negative decimal logarithm of the corrected p-value: 1.3 is 5 %. */
  evidence: number;
  populationStabilityIndex: Calibrated;
  jensenShannonDistance: Calibrated;
  chiSquare: Calibrated & { degreesOfFreedom: number; asymptoticPValue: number };
  /** In standard deviations of the reference. `null` for categories, which are not ordered. */
  wasserstein: Calibrated | null;
  rates: { reference: Rates; current: Rates };
  bins: { label: string; reference: number; current: number }[];
}

export interface AssessOptions {
  /** The chance of a false alarm over all columns and looks. */
  alpha: number;
  /** How often drift is checked: once a day for a year is 365. */
  looks: number;
  seed: number;
  /** Number of simulated samples without drift per column. @default defaultSamples */
  samples?: { least: number; most: number };
}

export const assessDefaults = { alpha: 0.05, looks: 365, seed: 1 } as const satisfies AssessOptions;

/** Measures how far each column is from its reference, worst first. Columns without any counts are left out. */
export function assessColumns(
  columns: readonly ColumnCounts[],
  { alpha, looks, seed, samples = defaultSamples }: AssessOptions,
): ColumnDrift[] {
  const counted = columns.filter(({ reference, current }) => sum(reference) > 0 && sum(current) > 0);
  const level = alpha / (looks * counted.length);
  const results = counted.map((counts, index) => ({
    counts,
    // Each column has its own random source, so other columns do not change its figures.
    ...calibrateColumn(counts, { level, random: seededRandom(seed + 0x9e37 * index), samples }),
  }));
  const corrected = correctByHolm(results.map(({ pValue }) => pValue));
  return results
    .map((result, index) =>
      describeColumn(result, { corrected: Math.min(1, looks * corrected[index]!), alpha }),
    )
    .sort((a, b) => b.evidence - a.evidence || b.jensenShannonDistance.value - a.jensenShannonDistance.value);
}

function calibrateColumn(
  { column, reference, current, withoutDrift }: ColumnCounts,
  options: { level: number; random: () => number; samples: { least: number; most: number } },
) {
  // If one side has no values, their distributions cannot be compared: only the rate of missing values counts.
  const ofValues =
    (distance: Distance): Distance =>
    (reference, current) => {
      const [before, now] = [valueCounts(column, reference), valueCounts(column, current)];
      return sum(before) === 0 || sum(now) === 0 ? 0 : distance(before, now);
    };
  const middles = column.kind === 'number' ? binMiddles(column) : undefined;
  return calibrate({
    ...options,
    reference,
    current,
    noDrift: withoutDrift({ reference, current }),
    distances: {
      populationStabilityIndex: ofValues(populationStabilityIndex),
      jensenShannonDistance: ofValues(jensenShannonDistance),
      chiSquare: ofValues((before, now) => chiSquare(before, now).statistic),
      wasserstein: ofValues((before, now) => (middles === undefined ? 0 : wasserstein(before, now, middles))),
    },
  });
}

function describeColumn(
  { counts, pValue, distances }: { counts: ColumnCounts } & ReturnType<typeof calibrateColumn>,
  { corrected, alpha }: { corrected: number; alpha: number },
): ColumnDrift {
  const { role, column, reference, current } = counts;
  const before = valueCounts(column, reference);
  const now = valueCounts(column, current);
  const pearson = chiSquare(before, now);
  return {
    name: column.name,
    role,
    kind: column.kind,
    rows: { reference: sum(reference), current: sum(current) },
    drifted: corrected <= alpha,
    pValue,
    correctedPValue: corrected,
    evidence: Math.max(0, -Math.log10(Math.max(corrected, Number.MIN_VALUE))),
    ...distances,
    chiSquare: {
      ...distances.chiSquare,
      degreesOfFreedom: pearson.degrees,
      asymptoticPValue: chiSquarePValue(pearson),
    },
    wasserstein: column.kind === 'number' ? distances.wasserstein : null,
    rates: { reference: ratesOf(column, reference), current: ratesOf(column, current) },
    bins: valueLabels(column).map((label, bin) => ({
      label,
      reference: shares(before)[bin] ?? 0,
      current: shares(now)[bin] ?? 0,
    })),
  };
}
