import { invalid } from './invalid.ts';

/**
 * The trees of a model in the order in which kernels walk their nodes: each tree in pre-order, so that the left child
 * of a node follows it directly.
 */
export interface Forest {
  /** The first node of each tree. */
  roots: Int32Array;
  /** The class or target of each tree. */
  treeGroups: Int32Array;
  /** Factors of XGBoost's `dart` for the leaves of each tree; `null` if there are none. */
  weights: Float32Array | null;
  /** The column that a node tests; for a leaf, the complement of its number, which is negative. */
  features: Int32Array;
  /** The threshold of a numerical node, the index of a categorical node's set, or the weight of a leaf. */
  values: Float64Array | Float32Array;
  /** The right child of a node; for a leaf, its index among vectors or linear leaves, or -1. */
  next: Int32Array;
  /** How a node decides: a combination of the bits below. */
  flags: Uint8Array;
  /** Number of training rows that reached each node, by which contributions are weighted. */
  cover: Int32Array | Float32Array;
  /** Whether the model has `cover` for all nodes. */
  isCovered: boolean;
  /** Number of splits on the longest path. */
  depth: number;
  /** Where each set of categories begins in `sets`, followed by the end of the last. */
  setStarts: Int32Array;
  /** Sets with one bit per category. */
  sets: Uint32Array;
  /** Numbers per leaf: 1, or one for each group. */
  leafSize: number;
  /** Values of leaves that have several. */
  vectors: Float32Array | null;
  /** Constants of the leaves that are linear in features. */
  constants: Float64Array;
  /** Where the features of each linear leaf begin, followed by the end of the last. */
  starts: Int32Array;
  leafFeatures: Int32Array;
  coefficients: Float64Array;
}

/** Bits that `lib/runtime/engine/compiled/kernels/boosting/trees.ts` reads. */
export const CATEGORICAL = 1;
export const DEFAULT_LEFT = 2;
export const NAN = 4;
export const ZERO = 8;

/** Returns the features that some tree splits by sets of categories. */
export function categoricalFeatures({ features, flags }: Forest): Set<number> {
  const found = new Set<number>();
  for (let node = 0; node < features.length; node++) {
    if ((flags[node]! & CATEGORICAL) !== 0) {
      found.add(features[node]!);
    }
  }
  return found;
}

/** @throws ColdpressError BOOSTER_INVALID if a tree uses a feature that the model does not have */
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
