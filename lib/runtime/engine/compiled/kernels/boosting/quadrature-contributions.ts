import { EngineTensor } from '../../../tensor.ts';
import type { Kernel } from '../../kernel.ts';
import { once } from './once.ts';
import { stepXgBoost } from './step-xg-boost.ts';
import { trainingMeans } from './training-means.ts';
import type { CoveredTrees } from './trees.ts';

const { fround } = Math;

/** Positive points of the 8-point Gauss-Legendre rule, and their weights. */
const legendre = [
  [0.1834346424956498, 0.362683783378362],
  [0.525532409916329, 0.3137066458778873],
  [0.7966664774136267, 0.2223810344533745],
  [0.9602898564975363, 0.1012285362903763],
] as const;

/** The rule for integrals from 0 to 1, whose variable is the square of that of the Gauss-Legendre rule. */
const rule = [...legendre.map(([x, weight]) => [-x, weight] as const).reverse(), ...legendre].map(
  ([x, weight]) => ({ root: (x + 1) / 2, weight }),
);
const points = Float32Array.from(rule, ({ root }) => root * root);
const pointWeights = Float32Array.from(rule, ({ root, weight }) => root * weight);
const size = points.length;

/** A split sends at least this share of the training data to each child. */
const leastShare = fround(1e-12);

/**
 * SHAP values like `boosterContributions`, as XGBoost computes them since version 3.3: the integral that defines them
 * is a sum over the points of a quadrature rule. Every step is a 32-bit float in the library's order, because rounding
 * differs by more than 1e-6 otherwise. Leaves may be vectors.
 */
export const quadratureContributions: Kernel<CoveredTrees> = settings => {
  const { groups, columns, roots, treeGroups, base, weights, vectors, depth } = settings;
  const step = stepXgBoost(settings);
  const width = columns + 1;
  const targets = vectors === null ? 1 : groups;
  // Built by the first request, so that a function opens without it if contributions are never requested.
  const ready = once(() => trainingMeans(settings));
  return ({ data, dims: [rows] }: EngineTensor) => {
    const means = ready();
    const all = new Float32Array(rows! * groups * width);
    const own = new Float32Array(columns);
    const walk = {
      trees: settings,
      own,
      taken: new Float32Array(columns).fill(1),
      path: new Float32Array((depth + 1) * size).fill(1),
      sums: new Float32Array((depth + 1) * size),
    };
    for (let row = 0; row < rows!; row++) {
      const decide = (node: number) => step(data as Float32Array, row * columns, node);
      for (let tree = 0; tree < roots.length; tree++) {
        for (let target = 0; target < targets; target++) {
          own.fill(0);
          visit({ ...walk, decide, target }, roots[tree]!, { depth: 0, share: 1, slot: 0 });
          const group = vectors === null ? treeGroups[tree]! : target;
          const at = (row * groups + group) * width;
          for (let column = 0; column < columns; column++) {
            all[at + column]! += fround(own[column]! * (weights === null ? 1 : weights[tree]!));
          }
        }
      }
      for (let group = 0; group < groups; group++) {
        all[(row * groups + group) * width + columns] = fround(means[group]!) + base[group]!;
      }
    }
    const shape = groups === 1 ? [rows!, width] : [rows!, groups, width];
    return [new EngineTensor('float32', all, shape)];
  };
};

interface Walk {
  trees: CoveredTrees;
  /** Returns the child that the row goes to. */
  decide(node: number): number;
  /** Which value of the leaves is explained. */
  target: number;
  /** What each feature adds in this tree. */
  own: Float32Array;
  /** By feature: 0 if the row leaves the path at one of its splits; else 1 by the share of data that follows them. */
  taken: Float32Array;
  /** The product over the features of the path, at each point; a row of the table for each depth. */
  path: Float32Array;
  /** Integrands of the leaves below a node, at each point, in a row of the table. */
  sums: Float32Array;
}

interface Place {
  depth: number;
  /** The share of training data that reaches the node. */
  share: number;
  /** The row of `sums` for the result. */
  slot: number;
}

function visit(walk: Walk, node: number, { depth, share, slot }: Place): void {
  const { trees, decide, own, taken, path, sums } = walk;
  const [at, out] = [depth * size, slot * size];
  const feature = trees.features[node]!;
  if (feature < 0) {
    const leaf = fround(share * leafValue(walk, node));
    for (let i = 0; i < size; i++) {
      sums[out + i] = fround(path[at + i]! * leaf) * pointWeights[i]!;
    }
    return;
  }
  const way = decide(node);
  const old = taken[feature]!;
  const right = trees.next[node]!;
  // The left child shares its parent's row of sums, to which the right child's are added.
  for (const child of [node + 1, right]) {
    const childShare = shareOf(trees, node, child);
    const childSlot = child === right ? depth + 1 : slot;
    const odds = child === way ? fround(old / childShare) : 0;
    const under = at + size;
    for (let i = 0; i < size; i++) {
      const factor = fround(path[at + i]! * factorAt(odds, i));
      path[under + i] = old === 1 ? factor : factor / factorAt(old, i);
    }
    taken[feature] = odds;
    visit(walk, child, { depth: depth + 1, share: fround(share * childShare), slot: childSlot });
    own[feature]! += difference(sums, childSlot * size, odds, old);
    taken[feature] = old;
  }
  for (let i = 0; i < size; i++) {
    sums[out + i]! += sums[(depth + 1) * size + i]!;
  }
}

function factorAt(odds: number, point: number): number {
  return fround(1 + fround(fround(odds - 1) * points[point]!));
}

/** Integrates what a feature adds by a split, less what it added before. */
function difference(sums: Float32Array, at: number, odds: number, old: number): number {
  let sum = 0;
  for (let i = 0; odds !== 1 && i < size; i++) {
    sum = fround(sum + fround(fround(fround(odds - 1) * sums[at + i]!) / factorAt(odds, i)));
  }
  for (let i = 0; old !== 1 && i < size; i++) {
    sum = fround(sum - fround(fround(fround(old - 1) * sums[at + i]!) / factorAt(old, i)));
  }
  return sum;
}

function shareOf({ cover }: CoveredTrees, node: number, child: number): number {
  return cover[node]! <= 0 ? 0.5 : Math.max(fround(cover[child]! / cover[node]!), leastShare);
}

function leafValue({ trees: { values, vectors, next }, target }: Walk, leaf: number): number {
  return vectors === null ? values[leaf]! : vectors[next[leaf]! + target]!;
}
