/** No XGBoost model nests deeper. */
export const mostDepth = 64;

export type OnItem = (item: unknown) => void;

/** How parts of a model are handled while it is parsed. */
export interface ParseOptions {
  /** Keys whose values are checked and dropped. */
  skipped?: ReadonlySet<string>;
  /** Callbacks by key that receive the items of a list one by one; the list itself stays empty. */
  items?: ReadonlyMap<string, OnItem>;
}
