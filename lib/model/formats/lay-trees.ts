import { type Booster, MISSING_NAN, MISSING_ZERO, type Tree } from './booster.ts';

/** Bits of `lib/runtime/engine/compiled/kernels/boosting/trees.ts`. */
const CATEGORICAL = 1;
const DEFAULT_LEFT = 2;
const NAN = 4;
const ZERO = 8;

/**
 * Lays trees out as kernels walk them: each in pre-order, so that the left child of a node is the next one. A leaf has
 * the complement of its number, which is negative, in the place of a feature.
 */
export function layTrees({
  trees,
  groups,
  base,
  isAverage,
  features: { length: columns },
  library,
}: Booster) {
  const count = trees.reduce((sum, tree) => sum + tree.left.length, 0);
  const isDouble = library === 'LightGBM';
  const laid = {
    roots: new Int32Array(trees.length),
    treeGroups: Int32Array.from(trees, tree => tree.group),
    groups,
    base: Float64Array.from(base),
    isAverage,
    weights: trees.some(tree => tree.weight !== undefined)
      ? Float32Array.from(trees, ({ weight = 1 }) => weight)
      : null,
    features: new Int32Array(count),
    values: isDouble ? new Float64Array(count) : new Float32Array(count),
    next: new Int32Array(count).fill(-1),
    flags: new Uint8Array(count),
    cover: isDouble ? new Int32Array(count) : new Float32Array(count),
    columns,
  };
  const sets: Uint32Array[] = [];
  const vectors: Float64Array[] = [];
  const linear = {
    constants: [] as number[],
    starts: [0],
    features: [] as number[],
    coefficients: [] as number[],
  };
  let place = 0;
  for (const [index, tree] of trees.entries()) {
    laid.roots[index] = place;
    const order = preOrder(tree);
    const places = new Int32Array(tree.left.length);
    for (const [offset, node] of order.entries()) {
      places[node] = place + offset;
    }
    for (const node of order) {
      const at = places[node]!;
      laid.cover[at] = tree.cover[node]!;
      if (tree.left[node] === -1) {
        laid.features[at] = ~leafNumber(tree, node, library);
        laid.values[at] = tree.value[node]!;
        if (tree.vectors !== undefined) {
          laid.next[at] = vectors.length * groups;
          vectors.push(tree.vectors.subarray(node * groups, (node + 1) * groups));
        }
        const leaf = tree.linear?.get(node);
        if (leaf !== undefined) {
          laid.next[at] = linear.constants.length;
          linear.constants.push(leaf.constant);
          linear.features.push(...leaf.features);
          linear.coefficients.push(...leaf.coefficients);
          linear.starts.push(linear.features.length);
        }
        continue;
      }
      const set = tree.categories.get(node);
      laid.features[at] = tree.feature[node]!;
      laid.next[at] = places[tree.right[node]!]!;
      laid.flags[at] = flagsOf(tree, node);
      laid.values[at] = set === undefined ? tree.threshold[node]! : sets.push(set) - 1;
    }
    place += order.length;
  }
  return {
    ...laid,
    setStarts: Int32Array.from(startsOf(sets)),
    sets: Uint32Array.from(sets.flatMap(set => [...set])),
    vectors: vectors.length === 0 ? null : Float32Array.from(vectors.flatMap(vector => [...vector])),
    hasLinear: linear.constants.length > 0,
    constants: Float64Array.from(linear.constants),
    starts: Int32Array.from(linear.starts),
    leafFeatures: Int32Array.from(linear.features),
    coefficients: Float64Array.from(linear.coefficients),
  };
}

/** As `pred_leaf` counts them: LightGBM only leaves, which follow the splits; XGBoost all nodes. */
function leafNumber({ left }: Tree, node: number, library: Booster['library']): number {
  return library === 'LightGBM' ? node - (left.length - 1) / 2 : node;
}

function flagsOf({ categories, defaultLeft, missing }: Tree, node: number): number {
  const kinds = { [MISSING_NAN]: NAN, [MISSING_ZERO]: ZERO } as Record<number, number>;
  return (
    (categories.has(node) ? CATEGORICAL : 0) |
    (defaultLeft[node] === 1 ? DEFAULT_LEFT : 0) |
    (kinds[missing[node]!] ?? 0)
  );
}

/** Nodes that can be reached, each before its children, the left one first. */
function preOrder({ left, right }: Tree): number[] {
  const order: number[] = [];
  const open = [0];
  while (open.length > 0) {
    const node = open.pop()!;
    order.push(node);
    if (left[node] !== -1) {
      open.push(right[node]!, left[node]!);
    }
  }
  return order;
}

function startsOf(sets: readonly Uint32Array[]): number[] {
  const starts = [0];
  for (const set of sets) {
    starts.push(starts.at(-1)! + set.length);
  }
  return starts;
}
