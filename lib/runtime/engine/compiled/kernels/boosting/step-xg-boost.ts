import { type BoosterTrees, CATEGORICAL, DEFAULT_LEFT, isInSet, type Step } from './trees.ts';

/** Categories from this one on are invalid, because 32-bit floats no longer distinguish whole numbers. */
const mostCategory = 2 ** 24;

/** `GetDecision` of https://github.com/dmlc/xgboost/blob/master/src/predictor/predict_fn.h */
export function stepXgBoost(trees: BoosterTrees): Step {
  const { features, values, next, flags } = trees;
  return (x, base, node) => {
    const value = x[base + features[node]!]!;
    const flag = flags[node]!;
    let isLeft: boolean;
    if (Number.isNaN(value)) {
      isLeft = (flag & DEFAULT_LEFT) !== 0;
    } else if ((flag & CATEGORICAL) === 0) {
      isLeft = value < values[node]!;
    } else {
      isLeft = value < 0 || value >= mostCategory || !isInSet(trees, values[node]!, Math.trunc(value));
    }
    return isLeft ? node + 1 : next[node]!;
  };
}
