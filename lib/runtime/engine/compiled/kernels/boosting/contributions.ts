import { EngineTensor } from '../../../tensor.ts';
import type { Kernel } from '../../kernel.ts';
import { stepLightGbm } from './step-light-gbm.ts';
import { stepXgBoost } from './step-xg-boost.ts';
import type { CoveredTrees } from './trees.ts';

export interface ContributionSettings extends CoveredTrees {
  library: 'LightGBM' | 'XGBoost';
}

/**
 * Returns how much each feature adds to a row's sum, in the units of the sum, and last the part common to all rows:
 * SHAP values of trees, `[N, features + 1]`, or `[N, groups, features + 1]`. They add up to the sum. This is algorithm
 * 2 of Lundberg, Erion and Lee, "Consistent Individualized Feature Attribution for Tree Ensembles", as in both
 * libraries: LightGBM computes every step in 64-bit floats, XGBoost in 32-bit floats.
 */
export const boosterContributions: Kernel<ContributionSettings> = settings => {
  const { library, groups, columns, roots, treeGroups, base, weights } = settings;
  const [step, Floats, round] =
    library === 'LightGBM'
      ? ([stepLightGbm(settings), Float64Array, same] as const)
      : ([stepXgBoost(settings), Float32Array, Math.fround] as const);
  const width = columns + 1;
  const means = new Floats(Array.from(roots, root => meanOf(settings, root, round)));
  const path = startPath(settings.depth + 2, Floats);
  const own = new Floats(width);
  return ({ type, data, dims: [rows] }: EngineTensor) => {
    const all = new Floats(rows! * groups * width);
    for (let row = 0; row < rows!; row++) {
      const decide = (node: number) => step(data as Float64Array, row * columns, node);
      for (const [tree, root] of roots.entries()) {
        own.fill(0);
        own[columns] = means[tree]!;
        explain({ trees: settings, decide, path, own, round }, root, {
          start: 0,
          length: 0,
          zero: 1,
          one: 1,
          feature: -1,
        });
        const at = (row * groups + treeGroups[tree]!) * width;
        for (let column = 0; column < width; column++) {
          all[at + column]! += round(own[column]! * (weights === null ? 1 : weights[tree]!));
        }
      }
      for (let group = 0; group < groups; group++) {
        all[(row * groups + group) * width + columns]! += base[group]!;
      }
    }
    const dims = groups === 1 ? [rows!, width] : [rows!, groups, width];
    return [new EngineTensor(type, all, dims)];
  };
};

type Floats = Float64Array | Float32Array;
type Round = (value: number) => number;

const same: Round = value => value;

/** The features on the path to a node, as rows of a table, because recursion copies a part of it for each child. */
interface Path {
  feature: Int32Array;
  /** The share of training data that takes this path without the feature; whether the row takes it. */
  zero: Floats;
  one: Floats;
  /** The share of the feature sets of each size. */
  weight: Floats;
}

function startPath(depth: number, Floats: Float64ArrayConstructor | Float32ArrayConstructor): Path {
  const size = (depth * (depth + 1)) / 2 + depth;
  return {
    feature: new Int32Array(size),
    zero: new Floats(size),
    one: new Floats(size),
    weight: new Floats(size),
  };
}

interface Explaining {
  trees: ContributionSettings;
  /** Returns the child that the row goes to. */
  decide(node: number): number;
  path: Path;
  own: Floats;
  round: Round;
}

interface Way {
  /** Where the parent's path begins, and its length. */
  start: number;
  length: number;
  /** The split that leads here. */
  zero: number;
  one: number;
  feature: number;
}

function explain(explaining: Explaining, node: number, { start, length, zero, one, feature }: Way): void {
  const { trees, path, own, decide, round } = explaining;
  const at = start + length;
  for (let i = 0; i < length; i++) {
    path.feature[at + i] = path.feature[start + i]!;
    path.zero[at + i] = path.zero[start + i]!;
    path.one[at + i] = path.one[start + i]!;
    path.weight[at + i] = path.weight[start + i]!;
  }
  extend(explaining, at, length, { zero, one, feature });
  const split = trees.features[node]!;
  if (split < 0) {
    for (let i = 1; i <= length; i++) {
      const difference = round(path.one[at + i]! - path.zero[at + i]!);
      const share = round(unwoundSum(explaining, at, length, i) * difference);
      own[path.feature[at + i]!]! += round(share * trees.values[node]!);
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
      unwind(explaining, at, length, i);
      known -= 1;
      break;
    }
  }
  const cover = trees.cover[node]!;
  const way = { start: at, length: known, feature: split };
  const share = (child: number) => round(round(trees.cover[child]! / cover) * incomingZero);
  explain(explaining, hot, { ...way, zero: share(hot), one: incomingOne });
  explain(explaining, cold, { ...way, zero: share(cold), one: 0 });
}

function extend(
  { path: { feature: features, zero: zeros, one: ones, weight }, round }: Explaining,
  at: number,
  length: number,
  { zero, one, feature }: { zero: number; one: number; feature: number },
): void {
  features[at + length] = feature;
  zeros[at + length] = zero;
  ones[at + length] = one;
  weight[at + length] = length === 0 ? 1 : 0;
  for (let i = length - 1; i >= 0; i--) {
    const [own, size] = [weight[at + i]!, length + 1];
    weight[at + i + 1]! += round(round(round(one * own) * (i + 1)) / size);
    weight[at + i] = round(round(zero * own) * (length - i)) / size;
  }
}

/** Removes a feature from the path. */
function unwind({ path, round }: Explaining, at: number, length: number, index: number): void {
  const { feature, zero, one, weight } = path;
  const [ones, zeros] = [one[at + index]!, zero[at + index]!];
  let next = weight[at + length]!;
  for (let i = length - 1; i >= 0; i--) {
    if (ones !== 0) {
      const old = weight[at + i]!;
      weight[at + i] = round(next * (length + 1)) / round((i + 1) * ones);
      const taken = round(round(weight[at + i]! * zeros) * (length - i));
      next = round(old - round(taken / (length + 1)));
    } else {
      weight[at + i] = round(weight[at + i]! * (length + 1)) / round(zeros * (length - i));
    }
  }
  for (let i = index; i < length; i++) {
    feature[at + i] = feature[at + i + 1]!;
    zero[at + i] = zero[at + i + 1]!;
    one[at + i] = one[at + i + 1]!;
  }
}

/** Returns what the weights would add up to without a feature of the path. */
function unwoundSum({ path, round }: Explaining, at: number, length: number, index: number): number {
  const { zero, one, weight } = path;
  const [ones, zeros] = [one[at + index]!, zero[at + index]!];
  let next = weight[at + length]!;
  let total = 0;
  for (let i = length - 1; i >= 0; i--) {
    const share = round((length - i) / (length + 1));
    if (ones !== 0) {
      const part = round(round(next * (length + 1)) / round((i + 1) * ones));
      total = round(total + part);
      next = round(weight[at + i]! - round(round(part * zeros) * share));
    } else if (zeros !== 0) {
      total = round(total + round(round(weight[at + i]! / zeros) / share));
    }
  }
  return total;
}

/** Returns the mean of a tree over the training data. */
function meanOf(trees: ContributionSettings, node: number, round: Round): number {
  const { features, values, next, cover } = trees;
  if (features[node]! < 0) {
    return values[node]!;
  }
  const [left, right] = [node + 1, next[node]!];
  const [leftSum, rightSum] = [left, right].map(child => round(meanOf(trees, child, round) * cover[child]!));
  return round(round(leftSum! + rightSum!) / cover[node]!);
}
