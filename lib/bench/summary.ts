import { median, quantile } from 'simple-statistics';
import { type PhaseTimes, phases } from './phases.ts';
import type { Sample, Variant } from './sample.ts';
import { type Estimate, estimateMedian, estimatePairedRatio } from './statistics/estimate.ts';
import { findOutliers } from './statistics/outliers.ts';

/** A summary of a variant's samples. */
export interface Summary {
  name: string;
  totalMs: Estimate;
  initMs: Estimate;
  /** Median of each phase; their sum is close to the median of the whole, but not equal to it. */
  phases: PhaseTimes;
  /** All warm requests of all processes; `null` if there were none. */
  warmMs: { p50: number; p99: number; count: number } | null;
  peakMemoryMb: number | null;
  cpuMs: number | null;
  /** Ratio to another variant, by round; absent if there is none to compare with. */
  ratio?: Estimate & { to: string };
  /** Rounds whose sample is far from the rest. They count like any other. */
  outliers: number[];
}

export function summarise(variant: Variant, reference: Variant | undefined, seed: number): Summary {
  const { samples } = variant;
  const totals = totalsOf(variant);
  const warm = samples.flatMap(sample => sample.warmMs);
  return {
    name: variant.name,
    totalMs: estimateMedian(totals, seed),
    initMs: estimateMedian(
      samples.map(sample => sample.initMs),
      seed,
    ),
    phases: phaseMedians(samples),
    warmMs:
      warm.length === 0 ? null : { p50: quantile(warm, 0.5), p99: quantile(warm, 0.99), count: warm.length },
    peakMemoryMb: medianOfKnown(samples.map(sample => sample.peakMemoryMb)),
    cpuMs: medianOfKnown(samples.map(sample => sample.cpuMs)),
    ...(reference === undefined
      ? {}
      : { ratio: { to: reference.name, ...estimatePairedRatio(totals, totalsOf(reference), seed) } }),
    outliers: findOutliers(totals).map(index => samples[index]!.round),
  };
}

export function totalsOf({ samples }: Pick<Variant, 'samples'>): number[] {
  return samples.map(sample => sample.totalMs);
}

function phaseMedians(samples: readonly Sample[]): PhaseTimes {
  const medians = phases.map(({ name }) => [name, median(samples.map(sample => sample.phases[name]))]);
  return Object.fromEntries(medians) as PhaseTimes;
}

function medianOfKnown(values: (number | null)[]): number | null {
  const known = values.filter(value => value !== null);
  return known.length === 0 ? null : median(known);
}
