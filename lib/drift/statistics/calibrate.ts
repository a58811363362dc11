import { quantileSorted } from 'simple-statistics';
import { likelihoodRatio } from './distances.ts';
import type { NoDrift } from './no-drift.ts';

/** A distance of the current rows from the reference. */
export type Distance = (reference: readonly number[], current: readonly number[]) => number;

export interface Calibrated {
  value: number;
  /** The level that 95 % of samples of the same size stay below without drift. */
  expected: number;
  /** The share of samples without drift that are at least as far away. */
  pValue: number;
}

export interface Calibration<Names extends string> {
  /** The p-value of the likelihood ratio, uncorrected, which decides the verdict. */
  pValue: number;
  distances: Record<Names, Calibrated>;
}

export interface CalibrateOptions<Names extends string> {
  /** Rows of the reference in each bin. */
  reference: readonly number[];
  current: readonly number[];
  noDrift: NoDrift;
  distances: Record<Names, Distance>;
  /**
   * The p-value below which a column counts as drifted. Simulation continues until it could detect a value that small.
   */
  level: number;
  random: () => number;
  /** Smallest and largest number of samples to draw. */
  samples?: { least: number; most: number };
}

export const defaultSamples = { least: 1000, most: 1_000_000 } as const;
/** Simulation stops after this many hits: Besag and Clifford, Sequential Monte Carlo p-values, Biometrika 78 (1991). */
const enoughHits = 20;

/**
 * Compares the distance of the current rows from a reference with the distances of samples of the same size without
 * drift. The reference is itself a finite sample, so its uncertainty about the population is drawn anew for each.
 *
 * The p-value is valid for any number of rows. If the tail bound alone is far below the level, it is the p-value;
 * otherwise simulation decides, and the bound's possible error is added to its result.
 */
export function calibrate<Names extends string>({
  reference,
  current,
  noDrift,
  distances,
  level,
  random,
  samples: { least, most } = defaultSamples,
}: CalibrateOptions<Names>): Calibration<Names> {
  const ratio = likelihoodRatio(reference, current);
  const names = Object.keys(distances) as Names[];
  const values = names.map(name => distances[name](reference, current));
  const drawn = names.map(() => [] as number[]);
  const bound = noDrift.boundTail(ratio);
  const boundLevel = level / 100;
  const isSettled = bound <= boundLevel;
  const needed = isSettled ? least : Math.min(most, Math.max(least, Math.ceil(2 / level)));
  let samples = 0;
  let hits = 0;
  while (samples < needed && (samples < least || hits < enoughHits)) {
    const sample = noDrift.draw(random);
    samples += 1;
    hits += isAtLeast(likelihoodRatio(sample.reference, sample.current), ratio) ? 1 : 0;
    if (samples <= least) {
      for (const [index, name] of names.entries()) {
        drawn[index]!.push(distances[name](sample.reference, sample.current));
      }
    }
  }
  const simulated = samples > least && hits === enoughHits ? hits / samples : (hits + 1) / (samples + 1);
  return {
    pValue: isSettled ? bound : Math.min(1, simulated + boundLevel),
    distances: Object.fromEntries(
      names.map((name, index) => [name, describe(values[index]!, drawn[index]!)]),
    ) as Record<Names, Calibrated>,
  };
}

function describe(value: number, drawn: number[]): Calibrated {
  if (drawn.length === 0) {
    return { value, expected: 0, pValue: 1 };
  }
  const hits = drawn.filter(other => isAtLeast(other, value)).length;
  const sorted = drawn.sort((a, b) => a - b);
  return { value, expected: quantileSorted(sorted, 0.95), pValue: (hits + 1) / (drawn.length + 1) };
}

/** Tolerates rounding: equal figures that were summed in a different order differ in their last digits. */
function isAtLeast(value: number, least: number): boolean {
  return value >= least - 1e-9 * Math.abs(least);
}
