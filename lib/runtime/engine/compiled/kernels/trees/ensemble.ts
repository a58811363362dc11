/** The trees of an ensemble, in the layout of `lib/model/compile/operators/trees.ts`. */
export type Trees = PackedTrees | WideTrees;

interface EveryTrees {
  /** The first node of each tree. */
  roots: Int32Array;
  /** Weights of the leaves, if there are several targets. */
  weights: Float32Array | Float64Array;
  /** The target of each weight; empty if each leaf has one for every target, in order. */
  targets: Uint16Array | Int32Array;
  targetCount: number;
  /** The minimum number of columns per row. */
  columns: number;
  /** Whether thresholds, and therefore sums, have 64 bits. */
  isDouble: boolean;
}

/** The layout of nearly every ensemble: all nodes compare by `<=`, and NaN goes to the false child. */
export interface PackedTrees extends EveryTrees {
  layout: 'packed';
  /**
   * A word and a value for each node, next to each other, so that a node is read from one place in memory; a word takes
   * 64 bits if a value does. Nodes are numbered by their words, so in steps of two.
   *
   * An inner node's word contains the column that it compares in its low bits, and above them the distance to its true
   * child; its value is the threshold, and its false child is the next node. A leaf's word is negative: `~` of the
   * position of its weights, if there are several targets. Its value is their number, or the weight of the only target.
   */
  nodes: Int32Array;
  /** The number of low bits of a word that contain the column. */
  columnBits: number;
}

/** The layout of any other ensemble: one list for each field of the nodes. */
export interface WideTrees extends EveryTrees {
  layout: 'wide';
  /** The column that a node compares; -1 marks a leaf. A node's false child is the next node. */
  features: Int32Array;
  /** Thresholds. For a leaf: its weight if there is one target, otherwise its number of weights. */
  values: Float32Array | Float64Array;
  /** The position of a node's true child, or of a leaf's first weight. */
  next: Int32Array;
  /** How each node compares. */
  modes: Uint8Array;
  /** Nodes that send NaN to the true child; `null` if there are none. */
  missing: Uint8Array | null;
}

/** Finds leaves and reads their weights. */
export interface Leaves {
  /**
   * Descends from four roots to the leaves that rows of `x` reach.
   * @param base - where the row for the first root begins
   * @param stride - the distance to the row for the next root; 0 for the same row
   * @param nodes - the roots on entry, the leaves on return
   */
  find(x: Float32Array | Float64Array, base: number, stride: number, nodes: Int32Array): void;
  /** The weight of the only target, or a leaf's number of weights, at `valueOffset` from the leaf. */
  values: Float32Array | Float64Array;
  valueOffset: number;
  /** Returns the position of a leaf's first weight, if there are several targets. */
  first(leaf: number): number;
}
