import { EngineTensor } from '../../../tensor.ts';
import type { Kernel } from '../../kernel.ts';
import { stepLightGbm } from './step-light-gbm.ts';
import { stepXgBoost } from './step-xg-boost.ts';
import type { BoosterTrees } from './trees.ts';

export interface ContributionSettings extends BoosterTrees {
  library: 'LightGBM' | 'XGBoost';
  /** How much training data came to each node. */
  cover: Float64Array;
}

/**
 * How much each feature adds to a row's sum, in the units of the sum, and last what all rows have in common: SHAP values
 * of trees, `[N, features + 1]`, or `[N, groups, features + 1]`. They add up to the sum. Algorithm 2 of Lundberg, Erion
 * and Lee, "Consistent Individualized Feature Attribution for Tree Ensembles", as both libraries have it.
 */
export const boosterContributions: Kernel<ContributionSettings> = settings => {
  const { library, groups, columns, roots, treeGroups, base } = settings;
  const step = library === 'LightGBM' ? stepLightGbm(settings) : stepXgBoost(settings);
  const expected = Float64Array.from(roots, root => expectedValue(settings, root));
  const depth = Math.max(1, ...Array.from(roots, root => depthOf(settings, root)));
  const path = startPath(depth + 2);
  const width = columns + 1;
  return ({ type, data, dims: [rows] }: EngineTensor) => {
    const all = new Float64Array(rows! * groups * width);
    for (let row = 0; row < rows!; row++) {
      for (let group = 0; group < groups; group++) {
        all[(row * groups + group) * width + columns] = base[group]!;
      }
      for (const [tree, root] of roots.entries()) {
        const at = (row * groups + treeGroups[tree]!) * width;
        const own = all.subarray(at, at + width);
        own[columns]! += expected[tree]!;
        const decide = (node: number) => step(data as Float64Array, row * columns, node);
        explain({ trees: settings, decide, path, own }, root, {
          start: 0,
          length: 0,
          zero: 1,
          one: 1,
          feature: -1,
        });
      }
    }
    const dims = groups === 1 ? [rows!, width] : [rows!, groups, width];
    return [new EngineTensor(type, type === 'float32' ? Float32Array.from(all) : all, dims)];
  };
};

/** The features on the way to a node; rows of a table, as recursion copies a part of it for each child. */
interface Path {
  feature: Int32Array;
  /** Share of the training data that takes the way without the feature; whether the row takes it. */
  zero: Float64Array;
  one: Float64Array;
  /** Share of the sets of features of each size. */
  weight: Float64Array;
}

function startPath(depth: number): Path {
  const size = (depth * (depth + 1)) / 2 + depth;
  return {
    feature: new Int32Array(size),
    zero: new Float64Array(size),
    one: new Float64Array(size),
    weight: new Float64Array(size),
  };
}

interface Explaining {
  trees: ContributionSettings;
  /** The child that the row goes to. */
  decide(node: number): number;
  path: Path;
  own: Float64Array;
}

interface Way {
  /** Where the path of the parent begins, and how long it is. */
  start: number;
  length: number;
  /** The split that led here. */
  zero: number;
  one: number;
  feature: number;
}

function explain(explaining: Explaining, node: number, { start, length, zero, one, feature }: Way): void {
  const { trees, path, own, decide } = explaining;
  const at = start + length;
  for (let i = 0; i < length; i++) {
    path.feature[at + i] = path.feature[start + i]!;
    path.zero[at + i] = path.zero[start + i]!;
    path.one[at + i] = path.one[start + i]!;
    path.weight[at + i] = path.weight[start + i]!;
  }
  extend(path, at, length, { zero, one, feature });
  const split = trees.features[node]!;
  if (split < 0) {
    for (let i = 1; i <= length; i++) {
      const share = unwoundSum(path, at, length, i) * (path.one[at + i]! - path.zero[at + i]!);
      own[path.feature[at + i]!]! += share * trees.values[node]!;
    }
    return;
  }
  const hot = decide(node);
  const cold = hot === node + 1 ? trees.next[node]! : node + 1;
  let known = length + 1;
  let [incomingZero, incomingOne] = [1, 1];
  for (let i = 1; i <= length; i++) {
    if (path.feature[at + i] === split) {
      [incomingZero, incomingOne] = [path.zero[at + i]!, path.one[at + i]!];
      unwind(path, at, length, i);
      known -= 1;
      break;
    }
  }
  const cover = trees.cover[node]!;
  const way = { start: at, length: known, feature: split };
  const share = (child: number) => (trees.cover[child]! / cover) * incomingZero;
  explain(explaining, hot, { ...way, zero: share(hot), one: incomingOne });
  explain(explaining, cold, { ...way, zero: share(cold), one: 0 });
}

function extend(
  { feature: features, zero: zeros, one: ones, weight }: Path,
  at: number,
  length: number,
  { zero, one, feature }: { zero: number; one: number; feature: number },
): void {
  features[at + length] = feature;
  zeros[at + length] = zero;
  ones[at + length] = one;
  weight[at + length] = length === 0 ? 1 : 0;
  for (let i = length - 1; i >= 0; i--) {
    weight[at + i + 1]! += (one * weight[at + i]! * (i + 1)) / (length + 1);
    weight[at + i] = (zero * weight[at + i]! * (length - i)) / (length + 1);
  }
}

/** Takes a feature out of the path. */
function unwind({ feature, zero, one, weight }: Path, at: number, length: number, index: number): void {
  const [ones, zeros] = [one[at + index]!, zero[at + index]!];
  let next = weight[at + length]!;
  for (let i = length - 1; i >= 0; i--) {
    if (ones !== 0) {
      const old = weight[at + i]!;
      weight[at + i] = (next * (length + 1)) / ((i + 1) * ones);
      next = old - (weight[at + i]! * zeros * (length - i)) / (length + 1);
    } else {
      weight[at + i] = (weight[at + i]! * (length + 1)) / (zeros * (length - i));
    }
  }
  for (let i = index; i < length; i++) {
    feature[at + i] = feature[at + i + 1]!;
    zero[at + i] = zero[at + i + 1]!;
    one[at + i] = one[at + i + 1]!;
  }
}

/** What the weights would add up to without a feature of the path. */
function unwoundSum({ zero, one, weight }: Path, at: number, length: number, index: number): number {
  const [ones, zeros] = [one[at + index]!, zero[at + index]!];
  let next = weight[at + length]!;
  let total = 0;
  for (let i = length - 1; i >= 0; i--) {
    if (ones !== 0) {
      const part = (next * (length + 1)) / ((i + 1) * ones);
      total += part;
      next = weight[at + i]! - (part * zeros * (length - i)) / (length + 1);
    } else if (zeros !== 0) {
      total += weight[at + i]! / (zeros * ((length - i) / (length + 1)));
    }
  }
  return total;
}

/** The mean of a tree over the training data. */
function expectedValue(trees: ContributionSettings, node: number): number {
  const { features, values, next, cover } = trees;
  if (features[node]! < 0) {
    return values[node]!;
  }
  const [left, right] = [node + 1, next[node]!];
  const total = cover[left]! + cover[right]!;
  return (cover[left]! * expectedValue(trees, left) + cover[right]! * expectedValue(trees, right)) / total;
}

function depthOf(trees: BoosterTrees, node: number): number {
  return trees.features[node]! < 0
    ? 0
    : 1 + Math.max(depthOf(trees, node + 1), depthOf(trees, trees.next[node]!));
}
