import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pressModel } from '../../../lib/model/press/press.ts';
import { makeScratch } from '../../packed/pack-example.ts';
import { lightGbmText, stump } from './light-gbm-text.ts';

/** Samples of a booster: their columns by name, and the likely cause where they differ. */

const scratch = makeScratch();
const counts = { leaf_count: '3 5', internal_count: 8 };
const bySet = { split_feature: 1, threshold: 0, num_cat: 1, cat_boundaries: '0 1', cat_threshold: 1 };

const models = {
  /** Two numbers; the answer is a probability. */
  numbers: lightGbmText([stump(8, counts)], {
    header: { objective: 'binary', feature_names: 'annual_income age', feature_infos: '[-5:5] [-5:5]' },
  }),
  /** A number and a category of pandas. */
  categories: lightGbmText([stump(8, counts), stump(1, { ...bySet, ...counts, leaf_value: '0.5 -0.25' })], {
    header: { objective: 'binary' },
    pandas: '[["Oslo", "Rome"]]',
  }),
};

function press(model: keyof typeof models, csv: string) {
  const [path, samples] = [join(scratch, `${model}.txt`), join(scratch, 'samples.csv')];
  writeFileSync(path, models[model]);
  writeFileSync(samples, csv);
  return pressModel(path, {
    outDir: join(scratch, 'pressed'),
    arch: 'x64',
    engine: 'auto',
    samples: { path: samples },
  });
}

describe('columns with the names of the features are matched by name', () => {
  test.each([
    ['in the order of the model', 'annual_income,age,label\n1,9,0\n3,0,1\n', ['annual_income', 'age']],
    ['in another order', 'age,annual_income,label\n9,1,0\n0,3,1\n', ['annual_income', 'age']],
    [
      'with the spaces that LightGBM replaces',
      'age,annual income,label\n9,1,0\n0,3,1\n',
      ['annual income', 'age'],
    ],
    ['other names, in the order of the model', 'a,b,label\n1,9,0\n3,0,1\n', ['annual_income', 'age']],
  ])('%s', async (_, csv, features) => {
    const { manifest } = await press('numbers', csv);
    expect(manifest).toMatchObject({ features, proof: { by: 'samples', rows: 2 } });
  });
});

test.each<[name: string, model: keyof typeof models, csv: string, hint: RegExp]>([
  [
    'raw scores in place of probabilities',
    'numbers',
    'annual_income,age,probability[0],probability[1]\n1,0,1,-1\n3,0,-2,2\n',
    /raw scores, as predict\(X, raw_score=True\)/,
  ],
  [
    'a code in place of its category',
    'categories',
    'x,city,label\n1,0,0\n3,1,0\n',
    /Row \d has "[01]" in column "city"/,
  ],
  ['columns of other names in another order', 'numbers', 'b,a,label\n9,1,0\n0,3,1\n', /"b" is no feature/],
  [
    'other trees',
    'numbers',
    'annual_income,age,probability[0],probability[1]\n1,0,0.6,0.4\n3,0,0.4,0.6\n',
    /with 1 tree\. If you trained it again.*num_iteration=booster\.best_iteration/,
  ],
])('%s', async (_, model, csv, hint) => {
  const error = await press(model, csv).catch(error => error);
  expect(error).toMatchObject({ code: 'SAMPLES_DIFFER', hint: expect.stringMatching(hint) });
  expect(error.hint).not.toContain('xport');
});
