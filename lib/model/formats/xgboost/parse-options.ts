/** Deeper than any model of XGBoost nests. */
export const mostDepth = 64;

export type OnItem = (item: unknown) => void;

/** What is done with parts of a model while it is parsed. */
export interface ParseOptions {
  /** Keys whose values are checked and left out. */
  skipped?: ReadonlySet<string>;
  /** By key: takes the items of a list one by one, so that the list itself stays empty. */
  items?: ReadonlyMap<string, OnItem>;
}
