import type { Forest } from './forest.ts';

/**
 * A gradient-boosting model as its library saved it: returned by the readers of LightGBM and XGBoost, and laid out for
 * the kernels by `lib/model/formats/compile.ts`.
 */
export interface Booster {
  library: 'LightGBM' | 'XGBoost';
  /** The library's name for it, with parameters: `binary sigmoid:1`. */
  objective: string;
  link: Link;
  features: Feature[];
  /** Number of sums per row: 1, or one for each class or target. */
  groups: number;
  /** Initial values of the sums, one per group. */
  base: number[];
  /** Whether sums are divided by the number of trees of their group. */
  isAverage: boolean;
  forest: Forest;
  /** How the version of the library that saved the model computes contributions; both methods are SHAP. */
  explainer: 'paths' | 'quadrature';
  /** The linear model of XGBoost's `gblinear`, without trees: weights by feature and group, then a bias per group. */
  linear?: { weights: number[]; bias: number[] };
}

/** A column of the model. Columns are in the model's order. */
export interface Feature {
  name: string;
  /** The value in a record for each code, if the model stores the names: `['FALSE', 'TRUE']`. */
  categories?: (string | number | boolean)[];
  /** Whether its numbers are codes of categories. */
  isCategorical: boolean;
}

/** A tree as read: nodes in the library's own order; lists of equal length. A leaf has -1 for its children. */
export interface Tree {
  left: Int32Array;
  right: Int32Array;
  feature: Int32Array;
  /** Thresholds of numerical splits. */
  threshold: Float64Array;
  /** Values of leaves. */
  value: Float64Array;
  /** 1 if a missing value goes to the left. */
  defaultLeft: Uint8Array;
  missing: Uint8Array;
  /** Bit sets by categorical split: the categories that go to the left in LightGBM, to the right in XGBoost. */
  categories: ReadonlyMap<number, Uint32Array>;
  /** Values of trees whose leaves have several: `size` numbers per node, one node after another. */
  vectors?: { size: number; values: Float64Array };
  /** Leaves that are linear in features. */
  linear?: ReadonlyMap<number, LinearLeaf>;
  /** Number of training rows that reached each node, by which contributions are weighted. */
  cover: Float64Array;
}

export interface LinearLeaf {
  constant: number;
  features: number[];
  coefficients: number[];
}

/** Which values a split treats as missing. */
export const MISSING_NONE = 0;
/** Zero and NaN. */
export const MISSING_ZERO = 1;
export const MISSING_NAN = 2;

/** How the answer is computed from the sums. */
export type Link =
  | { kind: 'identity' }
  /** The sum times its absolute value, for models trained on square roots. */
  | { kind: 'square' }
  | { kind: 'exp' }
  | { kind: 'log1pExp' }
  /** Probability of the second of two classes. */
  | { kind: 'binary'; sigmoid: number }
  /** Like `binary`, for an answer that is a number, not a class. */
  | { kind: 'sigmoid'; sigmoid: number }
  | { kind: 'hinge' }
  /** Each row is sorted, because quantiles must not cross. */
  | { kind: 'ascending' }
  /** Each sum of a row after the first is the increase over the previous one. */
  | { kind: 'increments' }
  | { kind: 'softmax' }
  | { kind: 'oneAgainstAll'; sigmoid: number };
