import type { InputSpec } from '../../contract/manifest.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';
import { seededRandom } from '../press/random-inputs.ts';
import { makeTensor } from '../press/tensors.ts';
import type { Booster, Feature } from './booster.ts';
import { CATEGORICAL } from './forest.ts';

const rowCount = 4;
/** Of values that are missing. */
const missingShare = 0.1;

/**
 * Rows that reach the model's own branches: thresholds and numbers beside them, categories that it knows, and now and
 * then nothing.
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
    // In sixteenths, which every float holds and JSON spells in few digits.
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

/** Some thresholds of each feature. */
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
