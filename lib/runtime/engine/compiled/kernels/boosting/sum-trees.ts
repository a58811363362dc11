import { EngineTensor } from '../../../tensor.ts';
import type { Kernel } from '../../kernel.ts';
import { stepLightGbm } from './step-light-gbm.ts';
import { stepXgBoost } from './step-xg-boost.ts';
import type { BoosterTrees, Step, WholeNumbers } from './trees.ts';

/** LightGBM's leaves that are linear in features; `next` of a leaf is its index here. */
interface LinearLeaves {
  constants: Float64Array;
  /** Where the features of each leaf begin, followed by the end of the last. */
  starts: WholeNumbers;
  leafFeatures: WholeNumbers;
  coefficients: Float64Array;
}

export interface LightGbmSettings extends BoosterTrees, LinearLeaves {
  hasLinear: boolean;
}

/** Rows scored together, tree by tree, so that they and a tree stay in the CPU's cache. */
const blockRows = 128;

/** Sums the leaves that each row reaches, in 64-bit floats: `[N, groups]`. */
export const lightGbmTrees: Kernel<LightGbmSettings> = settings => {
  const leafOf = settings.hasLinear ? linearValue(settings) : plainValue(settings);
  return (x: EngineTensor) => {
    const sums = sumTrees(settings, stepLightGbm(settings), leafOf, x, Float64Array);
    return [new EngineTensor('float64', sums, [x.dims[0]!, settings.groups])];
  };
};

/** Like `lightGbmTrees`, but every partial sum is a 32-bit float. */
export const xgBoostTrees: Kernel<BoosterTrees> = settings => {
  const leafOf = plainValue(settings);
  return (x: EngineTensor) => {
    const sums = sumTrees(settings, stepXgBoost(settings), leafOf, x, Float32Array);
    return [new EngineTensor('float32', sums, [x.dims[0]!, settings.groups])];
  };
};

type LeafValue = (leaf: number, x: Float64Array | Float32Array, base: number) => number;

function sumTrees<Sums extends Float64Array | Float32Array>(
  trees: BoosterTrees,
  step: Step,
  leafOf: LeafValue,
  { data, dims }: EngineTensor,
  SumArray: new (length: number) => Sums,
): Sums {
  const { roots, treeGroups, groups, base, isAverage, weights, vectors, features, next, columns } = trees;
  const x = data as Float64Array | Float32Array;
  const rows = dims[0]!;
  const sums = new SumArray(rows * groups);
  for (let i = 0; i < sums.length; i++) {
    sums[i] = base[i % groups]!;
  }
  for (let start = 0; start < rows; start += blockRows) {
    const end = Math.min(rows, start + blockRows);
    for (let tree = 0; tree < roots.length; tree++) {
      const group = treeGroups[tree]!;
      for (let row = start; row < end; row++) {
        let leaf = roots[tree]!;
        while (features[leaf]! >= 0) {
          leaf = step(x, row * columns, leaf);
        }
        if (vectors === null) {
          const value = leafOf(leaf, x, row * columns);
          sums[row * groups + group]! += weights === null ? value : Math.fround(weights[tree]! * value);
          continue;
        }
        for (let target = 0; target < groups; target++) {
          const value = vectors[next[leaf]! + target]!;
          sums[row * groups + target]! += weights === null ? value : Math.fround(weights[tree]! * value);
        }
      }
    }
  }
  const perGroup = roots.length / groups;
  for (let i = 0; isAverage && i < sums.length; i++) {
    sums[i] = sums[i]! / perGroup;
  }
  return sums;
}

function plainValue({ values }: BoosterTrees): LeafValue {
  return leaf => values[leaf]!;
}

/** A leaf with missing features returns its plain value. */
function linearValue({
  values,
  next,
  constants,
  starts,
  leafFeatures,
  coefficients,
}: LightGbmSettings): LeafValue {
  return (leaf, x, base) => {
    const place = next[leaf]!;
    if (place < 0) {
      return values[leaf]!;
    }
    let sum = constants[place]!;
    for (let i = starts[place]!; i < starts[place + 1]!; i++) {
      const value = x[base + leafFeatures[i]!]!;
      if (Number.isNaN(value)) {
        return values[leaf]!;
      }
      sum += coefficients[i]! * value;
    }
    return sum;
  };
}
