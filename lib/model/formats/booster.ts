import type { Forest } from './forest.ts';

/**
 * A model of gradient boosting as its library saved it: what the readers of LightGBM and XGBoost make, and what
 * `lib/model/formats/compile.ts` lays out for the kernels.
 */
export interface Booster {
  library: 'LightGBM' | 'XGBoost';
  /** As the library names it, with its parameters: `binary sigmoid:1`. */
  objective: string;
  link: Link;
  features: Feature[];
  /** Sums that a row has: 1, or one for each class or target. */
  groups: number;
  /** What the sums begin with, one for each group. */
  base: number[];
  /** Whether sums are divided by the number of trees of their group. */
  isAverage: boolean;
  forest: Forest;
  /** Of XGBoost's `gblinear`, in place of trees: a weight for each feature of each group, then a bias a group. */
  linear?: { weights: number[]; bias: number[] };
}

/** A column of the model, in its order. */
export interface Feature {
  name: string;
  /** What a record says for each code, where the model keeps the names: `['FALSE', 'TRUE']`. */
  categories?: (string | number | boolean)[];
  /** Whether its numbers are codes of categories. */
  isCategorical: boolean;
}

/** A tree as it was read: nodes in the library's own order; lists of equal length. A leaf has -1 for its children. */
export interface Tree {
  left: Int32Array;
  right: Int32Array;
  feature: Int32Array;
  /** Of a numerical split. */
  threshold: Float64Array;
  /** Of a leaf. */
  value: Float64Array;
  /** Whether a missing value goes to the left. */
  defaultLeft: Uint8Array;
  missing: Uint8Array;
  /** Of each categorical split a set, as bits: categories that go to the left in LightGBM, to the right in XGBoost. */
  categories: ReadonlyMap<number, Uint32Array>;
  /** Of trees whose leaves have several values: `size` of each node, one after another. */
  vectors?: { size: number; values: Float64Array };
  /** Of leaves that are linear in features. */
  linear?: ReadonlyMap<number, LinearLeaf>;
  /** Training rows that came to the node: what contributions weigh by. */
  cover: Float64Array;
}

export interface LinearLeaf {
  constant: number;
  features: number[];
  coefficients: number[];
}

/** Which values a split takes for missing. */
export const MISSING_NONE = 0;
/** Zero, and NaN. */
export const MISSING_ZERO = 1;
export const MISSING_NAN = 2;

/** What makes an answer of the sums. */
export type Link =
  | { kind: 'identity' }
  /** The sign of the sum times its square: of models that were trained on square roots. */
  | { kind: 'square' }
  | { kind: 'exp' }
  | { kind: 'log1pExp' }
  /** Probability of the second of two classes. */
  | { kind: 'binary'; sigmoid: number }
  /** As `binary`, for an answer that is a number, not a class. */
  | { kind: 'sigmoid'; sigmoid: number }
  | { kind: 'hinge' }
  /** Each row sorted, as quantiles must not cross. */
  | { kind: 'ascending' }
  /** Each sum of a row but the first says how much more it is than the one before. */
  | { kind: 'increments' }
  | { kind: 'softmax' }
  | { kind: 'oneAgainstAll'; sigmoid: number };
