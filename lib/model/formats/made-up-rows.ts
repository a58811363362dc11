import type { InputSpec } from '../../contract/manifest.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';
import { seededRandom } from '../press/random-inputs.ts';
import { makeTensor } from '../press/tensors.ts';
import type { Booster, Feature } from './booster.ts';
import { CATEGORICAL } from './forest.ts';

const rowCount = 4;
/** Share of values that are missing. */
const missingShare = 0.1;

/**
 * Makes rows that reach the model's own branches: values at or near its thresholds, categories that it knows, and some
 * missing values.
 */
export function madeUpRows(booster: Booster, inputs: readonly InputSpec[], seed: number): ProbeTensor[] {
  const random = seededRandom(seed);
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)];
  const thresholds = thresholdsOf(booster);
  const draw = (feature: Feature, index: number): number | string => {
    const isText = feature.categories?.some(category => typeof category !== 'number') ?? false;
    if (random() < missingShare) {
      return isText ? '' : Number.NaN;
    }
    if (feature.categories !== undefined) {
      const category = pick(feature.categories) ?? Number.NaN;
      return isText ? String(category) : Number(category);
    }
    const near = pick(thresholds[index]!) ?? 0;
    // Multiples of 1/16 are exact in every float type and short in JSON.
    return feature.isCategorical
      ? Math.floor(random() * 8)
      : Math.round(16 * near + 32 * (random() - 0.5)) / 16;
  };
  const rows = Array.from({ length: rowCount }, () => booster.features.map(draw));
  return inputs.map((spec, column) =>
    spec.shape?.length === 2
      ? makeTensor(spec, [rowCount, booster.features.length], rows.flat())
      : makeTensor(
          spec,
          [rowCount],
          rows.map(row => row[column]),
        ),
  );
}

/** Collects some thresholds of each feature. */
function thresholdsOf({ forest, features: columns }: Booster): number[][] {
  const thresholds: number[][] = columns.map(() => []);
  const { features, values, flags } = forest;
  for (let node = 0; node < features.length; node++) {
    const own = (flags[node]! & CATEGORICAL) === 0 ? thresholds[features[node]!] : undefined;
    if (own !== undefined && own.length < 100 && Math.abs(values[node]!) < 1e9) {
      own.push(values[node]!);
    }
  }
  return thresholds;
}
