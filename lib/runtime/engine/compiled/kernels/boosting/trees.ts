/** The trees of a booster, as `lib/model/formats/lay-trees.ts` lays them out. */
export interface BoosterTrees {
  /** The first node of each tree. */
  roots: Int32Array;
  /** The class or target of each tree. */
  treeGroups: Int32Array;
  groups: number;
  /** What the sums begin with. */
  base: Float64Array;
  /** Whether sums are divided by the number of their trees. */
  isAverage: boolean;
  /** What the leaves of each tree are multiplied by, in 32-bit floats. */
  weights: Float32Array | null;
  /** The column that a node looks at; of a leaf the complement of its number. The left child of a node is the next node. */
  features: Int32Array;
  /** The threshold of a numerical node, the set of a categorical one, the weight of a leaf. */
  values: Float64Array | Float32Array;
  /** The right child of a node. */
  next: Int32Array;
  /** How a node decides: bits below. */
  flags: Uint8Array;
  /** Where each set of categories begins in `sets`, and after the last where they end. */
  setStarts: Int32Array;
  /** A bit a category. */
  sets: Uint32Array;
  /** Values of leaves that have one for each group, leaf after leaf; `next` of a leaf is where its own begin. */
  vectors: Float32Array | null;
  /** How many columns a row has. */
  columns: number;
}

export const CATEGORICAL = 1;
export const DEFAULT_LEFT = 2;
/** NaN goes the default way. */
export const MISSING_NAN = 4;
/** Zero and NaN go the default way. */
export const MISSING_ZERO = 8;

/** Goes from a node to the child that a row of `x`, which begins at `base`, comes to. */
export type Step = (x: Float64Array | Float32Array, base: number, node: number) => number;

/** Whether a set has a category, which is a whole number from 0. */
export function isInSet(
  { setStarts, sets }: Pick<BoosterTrees, 'setStarts' | 'sets'>,
  set: number,
  category: number,
): boolean {
  const word = setStarts[set]! + Math.floor(category / 32);
  return word < setStarts[set + 1]! && ((sets[word]! >>> (category % 32)) & 1) === 1;
}
