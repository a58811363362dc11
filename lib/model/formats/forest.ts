import { invalid } from './invalid.ts';

/**
 * The trees of a model, node after node as kernels walk them: each tree in pre-order, so that the left child of a node is
 * the next one.
 */
export interface Forest {
  /** The first node of each tree. */
  roots: Int32Array;
  /** The class or target of each tree. */
  treeGroups: Int32Array;
  /** What XGBoost's `dart` multiplies the leaves of each tree by; `null`: nothing. */
  weights: Float32Array | null;
  /** The column that a node looks at; of a leaf the complement of its number, which is negative. */
  features: Int32Array;
  /** The threshold of a numerical node, the set of a categorical one, the weight of a leaf. */
  values: Float64Array | Float32Array;
  /** The right child of a node; of a leaf its place among vectors or linear leaves, or -1. */
  next: Int32Array;
  /** How a node decides: the bits below. */
  flags: Uint8Array;
  /** Training rows that came to each node: what contributions weigh by. */
  cover: Int32Array | Float32Array;
  /** Whether the model has `cover` for all nodes. */
  isCovered: boolean;
  /** Splits on the longest way down. */
  depth: number;
  /** Where each set of categories begins in `sets`, and after the last where they end. */
  setStarts: Int32Array;
  /** A bit a category. */
  sets: Uint32Array;
  /** Numbers that a leaf has: 1, or one for each group. */
  leafSize: number;
  /** Those of leaves that have several. */
  vectors: Float32Array | null;
  /** Leaves that are linear in features: the constant of each, */
  constants: Float64Array;
  /** where the features of each begin, and after the last where they end, */
  starts: Int32Array;
  leafFeatures: Int32Array;
  coefficients: Float64Array;
}

/** Bits of `lib/runtime/engine/compiled/kernels/boosting/trees.ts`. */
export const CATEGORICAL = 1;
export const DEFAULT_LEFT = 2;
export const NAN = 4;
export const ZERO = 8;

/** Features that some tree splits by sets of categories. */
export function categoricalFeatures({ features, flags }: Forest): Set<number> {
  const found = new Set<number>();
  for (let node = 0; node < features.length; node++) {
    if ((flags[node]! & CATEGORICAL) !== 0) {
      found.add(features[node]!);
    }
  }
  return found;
}

/** @throws ColdpressError BOOSTER_INVALID for a tree of a feature that the model does not have */
export function checkFeatures(
  library: string,
  { roots, features, leafFeatures }: Forest,
  featureCount: number,
): void {
  const node = features.findIndex(feature => feature >= featureCount);
  if (node !== -1) {
    const tree = roots.findLastIndex(root => root <= node);
    throw invalid(library, `tree ${tree} splits feature ${features[node]}; the model has ${featureCount}`);
  }
  const linear = leafFeatures.find(feature => !(feature >= 0 && feature < featureCount));
  if (linear !== undefined) {
    throw invalid(library, `a linear leaf looks at feature ${linear}; the model has ${featureCount}`);
  }
}
