import { describe, expect, test } from 'vitest';
import { readLightGbm } from '../../../lib/model/formats/lightgbm/read.ts';
import { boosterFormat } from '../../../lib/model/formats/recognise.ts';
import { seededRandom } from '../../../lib/model/press/random-inputs.ts';
import { answer, contributions, type Row } from './answer.ts';
import { lightGbmText, stump, type TreeText } from './light-gbm-text.ts';

const predict = (text: Buffer, rows: Row[]) => answer(readLightGbm([text]), rows);

/** Bits of decision_type: 1 categorical, 2 default left, 4 zero is missing, 8 NaN is missing. */
const decisions: [name: string, tree: TreeText, row: Row, expected: number][] = [
  ['at the threshold', stump(0), [1.5, 0], -1],
  ['one step of a double above it', stump(0), [1.5000000000000002, 0], 2],
  ['NaN is zero where nothing is missing', stump(0), [Number.NaN, 0], -1],
  ['NaN goes the default way, right', stump(8), [Number.NaN, 0], 2],
  ['NaN goes the default way, left', stump(10), [Number.NaN, 0], -1],
  ['zero goes the default way where it is missing', stump(4), [0, 0], 2],
  ['so does what rounds to zero', stump(4), [1e-36, 0], 2],
  ['and NaN', stump(6), [Number.NaN, 0], -1],
  [
    'a category of the set',
    stump(1, { split_feature: 1, threshold: 0, num_cat: 1, cat_boundaries: '0 2', cat_threshold: '2 1' }),
    [0, 32],
    -1,
  ],
  [
    'a category that is not in the set',
    stump(1, { split_feature: 1, threshold: 0, num_cat: 1, cat_boundaries: '0 1', cat_threshold: 2 }),
    [0, 2],
    2,
  ],
  [
    'a category beyond the set',
    stump(1, { split_feature: 1, threshold: 0, num_cat: 1, cat_boundaries: '0 1', cat_threshold: 2 }),
    [0, 64],
    2,
  ],
  [
    'a category that is missing',
    stump(1, { split_feature: 1, threshold: 0, num_cat: 1, cat_boundaries: '0 1', cat_threshold: 2 }),
    [0, Number.NaN],
    2,
  ],
  [
    'a linear leaf',
    stump(0, {
      is_linear: 1,
      leaf_const: '10 20',
      num_features: '1 0',
      leaf_features: '0  ',
      leaf_coeff: '0.5  ',
    }),
    [1, 0],
    10.5,
  ],
  [
    'a linear leaf whose feature is missing',
    stump(10, {
      is_linear: 1,
      leaf_const: '10 20',
      num_features: '1 0',
      leaf_features: '0  ',
      leaf_coeff: '0.5  ',
    }),
    [Number.NaN, 0],
    -1,
  ],
  ['a tree that is a leaf', { num_leaves: 1, num_cat: 0, leaf_value: 7 }, [0, 0], 7],
];

test.each(decisions)('%s', (_name, tree, row, expected) => {
  expect(predict(lightGbmText([tree]), [row])).toEqual({ prediction: [expected] });
});

const two = [stump(0), stump(0)];
const objectives: [objective: string, expected: number][] = [
  ['regression', 4],
  ['regression sqrt', 16],
  ['poisson', Math.exp(4)],
  ['cross_entropy_lambda', Math.log1p(Math.exp(4))],
];

test.each(objectives)('%s', (objective, expected) => {
  expect(predict(lightGbmText(two, { header: { objective } }), [[3, 0]])).toEqual({ prediction: [expected] });
});

test('two classes', () => {
  const answers = predict(lightGbmText(two, { header: { objective: 'binary sigmoid:0.5' } }), [
    [3, 0],
    [0, 0],
  ]);
  const [high, low] = [1 / (1 + Math.exp(-2)), 1 / (1 + Math.exp(1))];
  expect(answers).toEqual({ label: [1n, 0n], probability: [1 - high, high, 1 - low, low] });
});

test('several classes; a random forest averages', () => {
  const header = { objective: 'multiclass num_class:2', num_class: 2, num_tree_per_iteration: 2 };
  const trees = [stump(0), stump(0, { leaf_value: '0 0' }), stump(0), stump(0, { leaf_value: '0 0' })];
  const answers = predict(lightGbmText(trees, { header, flags: ['average_output'] }), [[3, 0]]);
  expect(answers).toMatchObject({ label: [0n] });
  expect(answers.probability![0]).toBeCloseTo(Math.exp(2) / (Math.exp(2) + 1), 14);
});

test('categories of pandas come by name; an unknown one is missing', () => {
  const tree = stump(1, {
    split_feature: 1,
    threshold: 0,
    num_cat: 1,
    cat_boundaries: '0 1',
    cat_threshold: 1,
  });
  const booster = readLightGbm([lightGbmText([tree], { pandas: '[["Oslo", "Rome"]]' })]);
  expect(
    answer(
      booster,
      ['Oslo', 'Rome', 'Paris', '', 'NA'].map(city => [0, city]),
    ),
  ).toEqual({
    prediction: [-1, 2, 2, 2, 2],
  });
});

test('contributions add up to the sum, and are shared as SHAP shares them', () => {
  // x <= 1.5 ? -1 : (city <= 0 ? 2 : 6), by 4, 3 and 1 rows of the training.
  const tree = {
    num_leaves: 3,
    num_cat: 0,
    split_feature: '0 1',
    threshold: '1.5 0',
    decision_type: '0 0',
    left_child: '-1 -2',
    right_child: '1 -3',
    leaf_value: '-1 2 6',
    leaf_count: '4 3 1',
    internal_count: '8 4',
  };
  const booster = readLightGbm([lightGbmText([tree])]);
  const [byX, byCity, common] = contributions(booster, [3, 1]) as [number, number, number];
  // Means of the leaves: 1 of all, -1 and 3 by x, 0.5 and 2.5 by city.
  expect(common).toBeCloseTo(1, 12);
  expect(byX).toBeCloseTo((3 - 1 + (6 - 2.5)) / 2, 12);
  expect(byCity).toBeCloseTo((2.5 - 1 + (6 - 3)) / 2, 12);
  expect(answer(booster, [[3, 1]])).toEqual({ prediction: [6] });
});

test('the file may begin with a byte order mark', () => {
  const marked = Buffer.concat([Buffer.from('\ufeff'), lightGbmText(two)]);
  expect(boosterFormat({ head: marked })).toBe('lightgbm');
  expect(readLightGbm([marked])).toEqual(readLightGbm([lightGbmText(two)]));
});

describe('a damaged file', () => {
  const broken: [name: string, text: Buffer, code: string][] = [
    ['cut', lightGbmText(two).subarray(0, 400), 'BOOSTER_INVALID'],
    ['a cycle', lightGbmText([stump(0, { left_child: 0 })]), 'BOOSTER_INVALID'],
    ['a child that does not exist', lightGbmText([stump(0, { left_child: -7 })]), 'BOOSTER_INVALID'],
    ['a feature that does not exist', lightGbmText([stump(0, { split_feature: 2 })]), 'BOOSTER_INVALID'],
    ['a threshold of NaN', lightGbmText([stump(0, { threshold: 'nan' })]), 'BOOSTER_INVALID'],
    ['text for a number', lightGbmText([stump(0, { threshold: '1,5' })]), 'BOOSTER_INVALID'],
    ['a huge count', lightGbmText([stump(0, { num_leaves: 1e15 })]), 'BOOSTER_INVALID'],
    ['an unknown version', lightGbmText(two, { header: { version: 'v9' } }), 'BOOSTER_UNSUPPORTED'],
    ['an unknown objective', lightGbmText(two, { header: { objective: 'mine' } }), 'BOOSTER_UNSUPPORTED'],
    ['no names', lightGbmText(two, { header: { feature_names: 'x' } }), 'BOOSTER_INVALID'],
  ];
  test.each(broken)('%s', (_name, text, code) => {
    expect(() => readLightGbm([text])).toThrow(expect.objectContaining({ code }));
  });

  test('of any kind gets an error of coldpress', () => {
    const random = seededRandom(1);
    const whole = lightGbmText(two, { pandas: '[["Oslo", "Rome"]]' });
    for (let round = 0; round < 2000; round++) {
      const copy = Buffer.from(whole);
      for (let i = 0; i < 3; i++) {
        copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256);
      }
      const outcome = () => readLightGbm([copy.subarray(0, Math.floor((0.5 + random()) * copy.length))]);
      try {
        outcome();
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^BOOSTER_/) });
      }
    }
  });
});
