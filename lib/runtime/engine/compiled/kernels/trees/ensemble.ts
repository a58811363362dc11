/** The trees of an ensemble, as `lib/model/compile/operators/trees.ts` lays them out. */
export type Trees = PackedTrees | WideTrees;

interface EveryTrees {
  /** The first node of each tree. */
  roots: Int32Array;
  /** Weights of the leaves, where there are several targets. */
  weights: Float32Array | Float64Array;
  /** The target of each weight; none where each leaf has one for every target, in order. */
  targets: Uint16Array | Int32Array;
  targetCount: number;
  /** How many columns a row must have. */
  columns: number;
  /** Whether thresholds, and so sums, are of 64 bits. */
  isDouble: boolean;
}

/** What nearly every ensemble is: all nodes compare by `<=`, and NaN goes to the false child. */
export interface PackedTrees extends EveryTrees {
  layout: 'packed';
  /**
   * A word and a value for each node, side by side, so that a node comes from one place of memory; a word takes 64 bits
   * where a value does. Nodes are numbered by their words, so by twos.
   *
   * An inner node's word has the column that it compares in its low bits, and above them how far on its true child is;
   * its value is the threshold, and its false child is the next node. A leaf's word is negative: `~` of where its
   * weights begin, if there are several targets. Its value is how many they are, or the weight of the only target.
   */
  nodes: Int32Array;
  /** How many low bits of a word are the column. */
  columnBits: number;
}

/** Any ensemble: a list for each field of the nodes. */
export interface WideTrees extends EveryTrees {
  layout: 'wide';
  /** The column that a node compares; -1 marks a leaf. The false child of a node is the next node. */
  features: Int32Array;
  /** Thresholds. A leaf has its weight here where there is one target, else how many weights it has. */
  values: Float32Array | Float64Array;
  /** Where the true child of a node is, or the first weight of a leaf. */
  next: Int32Array;
  /** How each node compares. */
  modes: Uint8Array;
  /** Nodes whose true child NaN goes to; `null` where there are none. */
  missing: Uint8Array | null;
}

/** What a leaf says. */
export interface Leaves {
  /**
   * Goes down from four roots to the leaves that rows of `x` come to.
   * @param base - where the row for the first root begins
   * @param stride - how far on the row for the next root begins; 0 for the same row
   * @param nodes - the roots, and then the leaves
   */
  find(x: Float32Array | Float64Array, base: number, stride: number, nodes: Int32Array): void;
  /** The weight of the only target, or how many weights a leaf has: at `valueOffset` from the leaf. */
  values: Float32Array | Float64Array;
  valueOffset: number;
  /** Where the weights of a leaf begin, where there are several targets. */
  first(leaf: number): number;
}
