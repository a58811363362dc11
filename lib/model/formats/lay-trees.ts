import { type Booster, MISSING_NAN, MISSING_ZERO, type Tree } from './booster.ts';
import { CATEGORICAL, DEFAULT_LEFT, type Forest, NAN, ZERO } from './forest.ts';
import { GrowingList } from './growing-list.ts';
import { unsupported } from './invalid.ts';

export interface ForestWriter {
  /** Number of trees so far. */
  readonly count: number;
  /** Numbers per leaf in the trees so far. */
  readonly leafSize: number;
  /**
   * Lays out the next tree, which `checkTree` has checked.
   * @throws ColdpressError BOOSTER_UNSUPPORTED if its leaves differ in size from those of earlier trees
   */
  add(tree: Tree): void;
  /**
   * @param treeGroups - the class or target of each tree that is used; later trees are dropped
   * @param weights - a factor for each tree (default: 1)
   */
  finish(options: { treeGroups: ArrayLike<number>; weights?: ArrayLike<number> }): Forest;
}

/**
 * Lays trees out one by one as they are read. A model may have 70,000 of them, and separate lists for each would need
 * several times the file's size in memory.
 */
export function startForest(library: Booster['library']): ForestWriter {
  const isDouble = library === 'LightGBM';
  const roots = new GrowingList(Int32Array);
  const features = new GrowingList(Int32Array);
  const values = new GrowingList<Float64Array | Float32Array>(isDouble ? Float64Array : Float32Array);
  const next = new GrowingList(Int32Array);
  const flags = new GrowingList(Uint8Array);
  const cover = new GrowingList<Int32Array | Float32Array>(isDouble ? Int32Array : Float32Array);
  const setStarts = new GrowingList(Int32Array);
  const sets = new GrowingList(Uint32Array);
  const vectors = new GrowingList(Float32Array);
  const constants = new GrowingList(Float64Array);
  const starts = new GrowingList(Int32Array);
  const leafFeatures = new GrowingList(Int32Array);
  const coefficients = new GrowingList(Float64Array);
  let isCovered = true;
  let deepest = 0;
  let leafSize = 1;
  setStarts.push(0);
  starts.push(0);

  const addLeaf = (tree: Tree, node: number) => {
    features.push(~leafNumber(tree, node, library));
    values.push(tree.value[node]!);
    flags.push(0);
    const leaf = tree.linear?.get(node);
    if (tree.vectors !== undefined) {
      next.push(vectors.length);
      const { size, values: all } = tree.vectors;
      pushAll(vectors, all.subarray(node * size, (node + 1) * size));
    } else if (leaf !== undefined) {
      next.push(constants.length);
      constants.push(leaf.constant);
      pushAll(leafFeatures, leaf.features);
      pushAll(coefficients, leaf.coefficients);
      starts.push(leafFeatures.length);
    } else {
      next.push(-1);
    }
  };
  const addSplit = (tree: Tree, node: number, right: number) => {
    const set = tree.categories.get(node);
    features.push(tree.feature[node]!);
    next.push(right);
    flags.push(flagsOf(tree, node));
    if (set === undefined) {
      values.push(tree.threshold[node]!);
    } else {
      values.push(setStarts.length - 1);
      pushAll(sets, set);
      setStarts.push(sets.length);
    }
  };
  return {
    get count() {
      return roots.length;
    },
    get leafSize() {
      return leafSize;
    },
    add(tree) {
      const { order, places, depth } = preOrder(tree);
      const root = features.length;
      roots.push(root);
      deepest = Math.max(deepest, depth);
      const size = tree.vectors?.size ?? 1;
      if (root > 0 && size !== leafSize) {
        throw unsupported(library, `leaves of ${leafSize} values and of ${size}`);
      }
      leafSize = size;
      for (const node of order) {
        const rows = tree.cover[node]!;
        const isLeaf = tree.left[node] === -1;
        cover.push(rows);
        isCovered &&= Number.isFinite(rows) && (isLeaf || rows !== 0);
        if (isLeaf) {
          addLeaf(tree, node);
        } else {
          addSplit(tree, node, root + places[tree.right[node]!]!);
        }
      }
    },
    finish({ treeGroups, weights = [] }) {
      const count = treeGroups.length;
      const nodes = count < roots.length ? roots.finish()[count]! : features.length;
      const kept = {
        features: features.finish().subarray(0, nodes),
        flags: flags.finish().subarray(0, nodes),
      };
      const setCount = kept.flags.reduce((sum, flag) => sum + (flag & CATEGORICAL), 0);
      const setEnds = setStarts.finish().subarray(0, setCount + 1);
      const leaves = kept.features.reduce((sum, feature) => sum + (feature < 0 ? 1 : 0), 0);
      return {
        ...kept,
        roots: roots.finish().subarray(0, count),
        treeGroups: Int32Array.from(treeGroups),
        weights: Array.prototype.some.call(weights, weight => weight !== 1)
          ? Float32Array.from(weights).subarray(0, count)
          : null,
        values: values.finish().subarray(0, nodes),
        next: next.finish().subarray(0, nodes),
        cover: cover.finish().subarray(0, nodes),
        isCovered,
        depth: deepest,
        setStarts: setEnds,
        sets: sets.finish().subarray(0, setEnds[setCount]),
        leafSize,
        vectors: leafSize === 1 ? null : vectors.finish().subarray(0, leaves * leafSize),
        constants: constants.finish(),
        starts: starts.finish(),
        leafFeatures: leafFeatures.finish(),
        coefficients: coefficients.finish(),
      };
    },
  };
}

function pushAll(list: { push(value: number): void }, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    list.push(values[i]!);
  }
}

/** Numbers leaves like `pred_leaf`: LightGBM counts only leaves, which follow the splits; XGBoost counts all nodes. */
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

/** Returns reachable nodes in pre-order, left child first; the position of each; and the splits on the longest path. */
function preOrder({ left, right }: Tree): { order: number[]; places: Int32Array; depth: number } {
  const order: number[] = [];
  const places = new Int32Array(left.length);
  const open = [0];
  const depths = [0];
  let deepest = 0;
  while (open.length > 0) {
    const node = open.pop()!;
    const depth = depths.pop()!;
    deepest = Math.max(deepest, depth);
    places[node] = order.length;
    order.push(node);
    if (left[node] !== -1) {
      open.push(right[node]!, left[node]!);
      depths.push(depth + 1, depth + 1);
    }
  }
  return { order, places, depth: deepest };
}
