/** The narrowest array that holds them. */
export type WholeNumbers = Int16Array | Int32Array;

/** The trees of a booster, in the layout of `lib/model/formats/lay-trees.ts`. */
export interface BoosterTrees {
  /** The first node of each tree. */
  roots: WholeNumbers;
  /** The class or target of each tree. */
  treeGroups: WholeNumbers;
  groups: number;
  /** The start of the sums. */
  base: Float64Array;
  /** Whether each sum is divided by its number of trees. */
  isAverage: boolean;
  /** The factor of each tree's leaves, as a 32-bit float. */
  weights: Float32Array | null;
  /** The column that a node tests; for a leaf, the complement of its number. A node's left child is the next node. */
  features: WholeNumbers;
  /** The threshold of a numerical node, the set of a categorical node, or the weight of a leaf. */
  values: Float64Array | Float32Array;
  /** A node's right child. */
  next: WholeNumbers;
  /** How a node decides: the bits below. */
  flags: Uint8Array;
  /** Where each set of categories begins in `sets`, followed by the end of the last. */
  setStarts: WholeNumbers;
  /** One bit per category. */
  sets: Uint32Array;
  /** The values of leaves that have one per group, leaf after leaf; `next` of a leaf is where its values begin. */
  vectors: Float32Array | null;
  /** The number of columns per row. */
  columns: number;
}

/** Trees whose predictions can be explained by contributions. */
export interface CoveredTrees extends BoosterTrees {
  /** The amount of training data that reached each node. */
  cover: Float32Array | WholeNumbers;
  /** The number of splits on the longest path from a root. */
  depth: number;
}

export const CATEGORICAL = 1;
export const DEFAULT_LEFT = 2;
/** NaN goes to the default child. */
export const MISSING_NAN = 4;
/** Zero and NaN go to the default child. */
export const MISSING_ZERO = 8;

/** Returns the child of a node for the row of `x` that begins at `base`. */
export type Step = (x: Float64Array | Float32Array, base: number, node: number) => number;

/** Whether a set contains a category, which is a whole number from 0. */
export function isInSet(
  { setStarts, sets }: Pick<BoosterTrees, 'setStarts' | 'sets'>,
  set: number,
  category: number,
): boolean {
  const word = setStarts[set]! + Math.floor(category / 32);
  return word < setStarts[set + 1]! && ((sets[word]! >>> (category % 32)) & 1) === 1;
}
