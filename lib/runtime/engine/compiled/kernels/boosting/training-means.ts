import type { CoveredTrees } from './trees.ts';

/** Returns the mean of each group's sums over the training data. Unlike the rest, it is computed in 64-bit floats. */
export function trainingMeans(trees: CoveredTrees): Float64Array {
  const { roots, treeGroups, groups, weights, vectors } = trees;
  const means = new Float64Array(groups);
  for (let tree = 0; tree < roots.length; tree++) {
    const weight = weights === null ? 1 : weights[tree]!;
    if (vectors === null) {
      means[treeGroups[tree]!]! += meanOf(trees, roots[tree]!) * weight;
    } else {
      const own = new Float64Array(groups);
      addMeans(trees, roots[tree]!, { share: 1, own });
      own.forEach((mean, group) => {
        means[group]! += mean * weight;
      });
    }
  }
  return means;
}

function meanOf(trees: CoveredTrees, node: number): number {
  const { features, values, next, cover } = trees;
  if (features[node]! < 0) {
    return values[node]!;
  }
  const [left, right] = [meanOf(trees, node + 1), meanOf(trees, next[node]!)];
  return cover[node] === 0
    ? 0.5 * (left + right)
    : (left * cover[node + 1]! + right * cover[next[node]!]!) / cover[node]!;
}

/** Adds the mean of each value of a tree's leaves. The library multiplies from the root down, unlike in `meanOf`. */
function addMeans(
  trees: CoveredTrees,
  node: number,
  { share, own }: { share: number; own: Float64Array },
): void {
  const { features, vectors, next, cover } = trees;
  if (features[node]! < 0) {
    for (let group = 0; group < own.length; group++) {
      own[group]! += share * vectors![next[node]! + group]!;
    }
    return;
  }
  for (const child of [node + 1, next[node]!]) {
    addMeans(trees, child, {
      share: cover[node] === 0 ? share * 0.5 : (share * cover[child]!) / cover[node]!,
      own,
    });
  }
}
