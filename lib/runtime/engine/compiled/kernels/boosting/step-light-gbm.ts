import {
  type BoosterTrees,
  CATEGORICAL,
  DEFAULT_LEFT,
  isInSet,
  MISSING_NAN,
  MISSING_ZERO,
  type Step,
} from './trees.ts';

/** LightGBM's `kZeroThreshold`, a 32-bit float. */
const zero = Math.fround(1e-35);
/** The maximum of a C++ `int`. */
const mostInt = 2 ** 31 - 1;

/** LightGBM's decisions: https://github.com/microsoft/LightGBM/blob/master/include/LightGBM/tree.h */
export function stepLightGbm(trees: BoosterTrees): Step {
  const { features, values, next, flags } = trees;
  return (x, base, node) => {
    const value = x[base + features[node]!]!;
    const flag = flags[node]!;
    // Most decisions; only a missing value is neither.
    if ((flag & (CATEGORICAL | MISSING_ZERO)) === 0) {
      const threshold = values[node]!;
      if (value <= threshold) {
        return node + 1;
      }
      if (value > threshold) {
        return next[node]!;
      }
    }
    let isLeft: boolean;
    if ((flag & CATEGORICAL) !== 0) {
      const category = Math.trunc(value);
      isLeft = category >= 0 && category <= mostInt && isInSet(trees, values[node]!, category);
    } else if (Number.isNaN(value)) {
      isLeft = (flag & (MISSING_NAN | MISSING_ZERO)) === 0 ? 0 <= values[node]! : (flag & DEFAULT_LEFT) !== 0;
    } else if ((flag & MISSING_ZERO) !== 0 && value >= -zero && value <= zero) {
      isLeft = (flag & DEFAULT_LEFT) !== 0;
    } else {
      isLeft = value <= values[node]!;
    }
    return isLeft ? node + 1 : next[node]!;
  };
}
