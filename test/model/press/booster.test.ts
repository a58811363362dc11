import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { pressModel } from '../../../lib/model/press/press.ts';
import { lightGbmText, type TreeText } from '../formats/light-gbm-text.ts';

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-booster-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('records share runs, however long outputs on request take', async () => {
  const path = join(scratch, 'model.txt');
  const names = Array.from({ length: 127 }, (_, index) => `x${index}`);
  const header = {
    max_feature_idx: names.length - 1,
    feature_names: names.join(' '),
    feature_infos: names.map(() => '[-5:5]').join(' '),
  };
  // Contributions take time in proportion to leaves times the square of the depth: here about a second per record.
  writeFileSync(
    path,
    lightGbmText(
      Array.from({ length: 200 }, () => chain(names.length)),
      { header },
    ),
  );
  const outDir = join(scratch, 'pressed');
  const { manifest } = await pressModel(path, { outDir, arch: 'x64', engine: 'auto' });
  expect(manifest.signature.outputs.map(({ name }) => name)).toContain('contributions');
  expect(manifest.rows).toEqual({ independent: true });
});

/** A tree in which each feature splits once and every split has a leaf, so that it is as deep as it can be. */
function chain(features: number): TreeText {
  const leaves = features + 1;
  const splits = Array.from({ length: features }, (_, index) => index);
  const list = (of: (index: number) => number) => splits.map(of).join(' ');
  return {
    num_leaves: leaves,
    num_cat: 0,
    split_feature: list(index => index),
    threshold: list(index => 5 - index / leaves),
    decision_type: list(() => 2),
    left_child: list(index => (index + 1 < leaves - 1 ? index + 1 : -1)),
    right_child: list(index => -index - 2),
    leaf_value: Array.from({ length: leaves }, (_, index) => index / leaves).join(' '),
    leaf_count: Array.from({ length: leaves }, () => 10).join(' '),
    internal_count: list(index => 10 * (leaves - index)),
  };
}
