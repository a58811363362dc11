/** What a tree of LightGBM's text format says; lists as the file has them. */
export type TreeText = Record<string, string | number>;

/** A model of two features, `x` and `city`, as `save_model` writes it. */
export function lightGbmText(
  trees: TreeText[],
  { header = {}, flags = [], pandas = 'null' }: { header?: TreeText; flags?: string[]; pandas?: string } = {},
): Buffer {
  const lines = (record: TreeText) => Object.entries(record).map(([name, value]) => `${name}=${value}`);
  return Buffer.from(
    [
      'tree',
      ...lines({
        version: 'v4',
        num_class: 1,
        num_tree_per_iteration: 1,
        label_index: 0,
        max_feature_idx: 1,
        objective: 'regression',
        feature_names: 'x city',
        feature_infos: '[-5:5] 0:1:2',
        ...header,
      }),
      ...flags,
      '',
      ...trees.flatMap((tree, index) => [`Tree=${index}`, ...lines(tree), '', '']),
      'end of trees',
      '',
      'parameters:',
      '[boosting: gbdt]',
      'end of parameters',
      '',
      `pandas_categorical:${pandas}`,
      '',
    ].join('\n'),
  );
}

/** One split of `x` at 1.5 with leaves -1 and 2. */
export function stump(decisionType: number, more: TreeText = {}): TreeText {
  return {
    num_leaves: 2,
    num_cat: 0,
    split_feature: 0,
    threshold: 1.5,
    decision_type: decisionType,
    left_child: -1,
    right_child: -2,
    leaf_value: '-1 2',
    ...more,
  };
}
