import { describe, expect, test } from 'vitest';
import type { Booster } from '../../../lib/model/formats/booster.ts';
import { boosterFormat } from '../../../lib/model/formats/recognise.ts';
import { signatureOf } from '../../../lib/model/formats/signature.ts';
import { parseXgBoostJson } from '../../../lib/model/formats/xgboost/json.ts';
import { readXgBoost } from '../../../lib/model/formats/xgboost/read.ts';
import { parseUbjson } from '../../../lib/model/formats/xgboost/ubjson.ts';
import { seededRandom } from '../../../lib/model/press/random-inputs.ts';
import { answer, contributions, type Row } from './answer.ts';

interface Options {
  objective?: string;
  base?: string;
  groups?: { num_class?: string; num_target?: string };
  trees?: object[];
  info?: number[];
  weights?: number[];
  attributes?: object;
  model?: object;
  booster?: object;
  learner?: object;
  version?: number[];
}

/** One split of `x` at 1.5 with leaves -1 and 2. */
function stump(more: object = {}): object {
  return {
    left_children: [1, -1, -1],
    right_children: [2, -1, -1],
    split_indices: [0, 0, 0],
    split_conditions: [1.5, -1, 2],
    default_left: [0, 0, 0],
    categories: [],
    categories_nodes: [],
    categories_segments: [],
    categories_sizes: [],
    ...more,
  };
}

/** A split by categories: 1 and 33 go to the right. */
const bySet = stump({
  split_indices: [1, 0, 0],
  categories: [1, 33],
  categories_nodes: [0],
  categories_segments: [0],
  categories_sizes: [2],
});

/** A model of two features, `x` and `city`, as `save_model` writes it. */
function model({
  objective = 'reg:squarederror',
  base = '0E0',
  groups = {},
  trees = [stump()],
  info = trees.map(() => 0),
  weights,
  attributes = {},
  model: more = {},
  booster = {},
  learner = {},
  version = [3, 1, 0],
}: Options = {}): object {
  return {
    learner: {
      attributes,
      feature_names: ['x', 'city'],
      feature_types: ['float', 'c'],
      gradient_booster: {
        name: 'gbtree',
        ...booster,
        model: {
          gbtree_model_param: { num_trees: String(trees.length), num_parallel_tree: '1' },
          trees,
          tree_info: info,
          ...(weights && { weight_drop: weights }),
          ...more,
        },
      },
      learner_model_param: { base_score: base, num_class: '0', num_target: '1', num_feature: '2', ...groups },
      objective: { name: objective },
      ...learner,
    },
    version,
  };
}

const read = (options?: Options) => readXgBoost(Buffer.from(JSON.stringify(model(options))), 'json');
const predict = (options: Options, rows: Row[]) => answer(read(options), rows);
const outputNames = (booster: Booster) => signatureOf(booster).outputs.map(({ name }) => name);

const answers: [name: string, options: Options, row: Row, expected: number][] = [
  ['below the threshold', {}, [1.4999999, 0], -1],
  ['at the threshold', {}, [1.5, 0], 2],
  ['a double that is the threshold as a float', {}, [1.49999999999, 0], 2],
  ['missing goes the default way', {}, [Number.NaN, 0], 2],
  [
    'missing goes the default way, left',
    { trees: [stump({ default_left: [1, 0, 0] })] },
    [Number.NaN, 0],
    -1,
  ],
  ['a category of the set', { trees: [bySet] }, [0, 33], 2],
  ['a category that is not in the set', { trees: [bySet] }, [0, 2], -1],
  ['a category beyond the set', { trees: [bySet] }, [0, 100], -1],
  ['a negative category', { trees: [bySet] }, [0, -1], -1],
  ['base score of a raw logit is one', { base: '5E-1', objective: 'binary:logitraw' }, [3, 0], 2.5],
  ['base score', { base: '[5E-1]' }, [3, 0], 2.5],
  [
    'base score through its link',
    { base: '5E-1', objective: 'count:poisson' },
    [3, 0],
    Math.fround(Math.exp(Math.fround(2 + Math.fround(Math.log(0.5))))),
  ],
  ['weights of DART', { trees: [stump(), stump()], weights: [1, 0.5] }, [3, 0], 3],
  [
    'weights of DART next to the trees, as since version 3.3',
    { trees: [stump(), stump()], booster: { weight_drop: [1, 0.5] } },
    [3, 0],
    3,
  ],
  ['the best iteration', { trees: [stump(), stump()], attributes: { best_iteration: '0' } }, [3, 0], 2],
  [
    'a logistic regression',
    { objective: 'reg:logistic', base: '5E-1' },
    [3, 0],
    Math.fround(1 / (1 + Math.exp(-2))),
  ],
];

test.each(answers)('%s', (_name, options, row, expected) => {
  const [prediction] = predict(options, [row]).prediction as [number];
  expect(prediction).toBeCloseTo(expected, 6);
});

test('two classes, and several', () => {
  const two = predict({ objective: 'binary:logistic', base: '5E-1' }, [[3, 0]]);
  expect(two.label).toEqual([1n]);
  expect(two.probability![1]).toBeCloseTo(1 / (1 + Math.exp(-2)), 6);
  const three = predict(
    {
      objective: 'multi:softprob',
      groups: { num_class: '3' },
      trees: [stump(), stump(), stump()],
      info: [0, 1, 1],
      base: '5E-1',
    },
    [[3, 0]],
  );
  expect(three.label).toEqual([1n]);
  expect(three.probability![1]).toBeCloseTo(Math.exp(4) / (Math.exp(4) + Math.exp(2) + 1), 6);
});

/** One split of `x` at 1.5 whose leaves have two values: before version 3.2 and since. */
const vectorTrees = [
  stump({ tree_param: { size_leaf_vector: '2' }, base_weights: [9, 9, -1, -10, 2, 20] }),
  stump({
    tree_param: { size_leaf_vector: '2' },
    // The right child of a leaf is its place in leaf_weights.
    right_children: [2, 1, 0],
    base_weights: [9, 9, 9],
    leaf_weights: [2, 20, -1, -10],
    split_conditions: [1.5, Number.MAX_VALUE, Number.MAX_VALUE],
  }),
];

test('leaves of several values', () => {
  for (const tree of vectorTrees) {
    const options = { trees: [tree, tree], groups: { num_target: '2' }, base: '[5E-1,1E0]' };
    const answers = predict(options, [
      [0, 0],
      [3, 0],
    ]);
    expect(answers.prediction).toEqual([-1.5, -19, 4.5, 41]);
  }
});

/** Three sums of a row: 3, 1 and 2. */
const threeTargets: Options = {
  trees: [3, 1, 2].map(value => stump({ split_conditions: [1.5, value, value] })),
  info: [0, 1, 2],
  groups: { num_target: '3' },
};

test('trees start at the base score of their target, linear boosters all at the first, as in the library', () => {
  const options = { ...threeTargets, base: '[5E-1,1E0,-1E0]' };
  const gradient_booster = { name: 'gblinear', model: { weights: [7, 8, 9, 1, 2, 3, 10, 20, 30] } };
  expect(predict(options, [[0, 1]])).toEqual({ prediction: [3.5, 2, 1] });
  expect(predict({ ...options, learner: { gradient_booster } }, [[0, 1]])).toEqual({
    prediction: [11.5, 22.5, 33.5],
  });
});

test.each<[objective: string, version: number[], base: string, expected: number[]]>([
  ['reg:quantileerror', [3, 3, 0], '[0,0,0]', [3, 1, 2]],
  ['reg:quantileerror', [3, 4, 0], '[0,0,0]', [1, 2, 3]],
  ['reg:quantileerror', [4, 0, 0], '[0,0,0]', [1, 2, 3]],
  // The base is one number, then the inverse of softplus of each further step: log(e ** step - 1).
  [
    'reg:expectileerror',
    [3, 3, 0],
    '[1,2,2.5]',
    [
      4,
      4 + Math.log1p(Math.exp(1 + Math.log(Math.E - 1))),
      4 +
        Math.log1p(Math.exp(1 + Math.log(Math.E - 1))) +
        Math.log1p(Math.exp(2 + Math.log(Math.expm1(0.5)))),
    ],
  ],
])('several levels of %s of version %j with base %s', (objective, version, base, expected) => {
  const { prediction } = predict({ ...threeTargets, objective, version, base }, [[0, 0]]);
  for (const [level, value] of expected.entries()) {
    expect(prediction![level]).toBeCloseTo(value, 4);
  }
});

test('a base score of zero is bounded since version 3.2', () => {
  const options: Options = { objective: 'reg:logistic', base: '[0E0]', trees: [], version: [3, 2, 0] };
  expect(predict(options, [[0, 0]]).prediction![0]).toBeCloseTo(1e-6, 9);
  expect(() => read({ ...options, version: [3, 1, 0] })).toThrow(
    expect.objectContaining({ code: 'BOOSTER_INVALID' }),
  );
});

test('JSON has NaN where a split by categories has no threshold', () => {
  const text = JSON.stringify(model({ trees: [bySet] })).replace(
    '"split_conditions":[1.5',
    '"split_conditions":[NaN',
  );
  expect(text).toContain('NaN');
  expect(answer(readXgBoost(Buffer.from(text), 'json'), [[0, 33]])).toEqual({ prediction: [2] });
});

test('JSON may begin with a byte order mark', () => {
  const marked = Buffer.from(`\ufeff${JSON.stringify(model())}`);
  expect(boosterFormat({ head: marked })).toBe('xgboost-json');
  expect(readXgBoost(marked, 'json')).toEqual(readXgBoost(marked.subarray(3), 'json'));
});

test.each<[string, unknown]>([
  ['[1, -2.5e-3, 0]', Float64Array.of(1, -0.0025, 0)],
  ['[1, 2147483647]', Int32Array.of(1, 2147483647)],
  [
    '[-0, NaN, Infinity, -Infinity]',
    Float64Array.of(-0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  ],
  ['12345678901234567890', 12345678901234567000],
  [
    '{"a": "\\u00e9\\"", "b": [true, false, null], "c": {}, "dropped": [1]}',
    { a: 'é"', b: [true, false, null], c: {} },
  ],
  [' [ ] ', []],
])('JSON of %s', (text, value) => {
  expect(parseXgBoostJson(Buffer.from(text), { skipped: new Set(['dropped']) })).toEqual(value);
});

test.each([
  '',
  '[1,]',
  '[1 2]',
  '{"a" 1}',
  '"a',
  '01x',
  '[1, "a"]',
  '1 2',
  'nan',
  '"\\u00"',
  '['.repeat(100),
])('JSON of %s is refused', text => {
  expect(() => parseXgBoostJson(Buffer.from(text))).toThrow(
    expect.objectContaining({ code: 'BOOSTER_INVALID' }),
  );
});

test('contributions are those of 32-bit floats, DART by its weights', () => {
  const cover = { sum_hessian: [8, 3, 5] };
  const options = { trees: [stump(cover), stump(cover)], weights: [1, 0.5], base: '5E-1' };
  const mean = (3 * -1 + 5 * 2) / 8;
  const found = contributions(read(options), [3, 0]) as number[];
  for (const [index, value] of [1.5 * (2 - mean), 0, 1.5 * mean + 0.5].entries()) {
    expect(found[index]).toBeCloseTo(value, 6);
  }
});

describe('a model of version 3.3', () => {
  /** Trained by the library; `x` is split twice on a path. */
  const trained = {
    left_children: [1, 3, 5, 7, -1, -1, -1, -1, -1],
    right_children: [2, 4, 6, 8, -1, -1, -1, -1, -1],
    default_left: [0, 0, 0, 0, 0, 0, 0, 0, 0],
  };

  test('has contributions equal to those of the library, bit by bit', () => {
    const tree = stump({
      ...trained,
      split_indices: [0, 1, 1, 0, 0, 0, 0, 0, 0],
      split_conditions: [
        -0.87, 0.13, -1.08, -0.89, -0.12853499, -0.29022858, 0.04788419, 0.57754004, 0.097215004,
      ],
      sum_hessian: [60, 12, 48, 9, 3, 6, 42, 8, 1],
    });
    const booster = read({ version: [3, 3, 0], trees: [tree], base: '[5E-1]' });
    expect(contributions(booster, [0.3, -0.7])).toEqual([
      -0.08316604793071747, 0.054355330765247345, 0.576694905757904,
    ]);
  });

  test('has contributions to each target, equal bit by bit, if its leaves are vectors', () => {
    const tree = stump({
      ...trained,
      right_children: [2, 4, 6, 8, 0, 1, 2, 3, 4],
      split_indices: [0, 1, 0, 0, 0, 0, 0, 0, 0],
      split_conditions: [-0.87, 0.13, 0.58, -0.89, 1e-45, 1e-45, 1e-45, 1e-45, 1e-45],
      sum_hessian: [120, 24, 96, 18, 6, 64, 32, 16, 2],
      leaf_weights: [
        -0.12853499, -0.56775004, -0.06906454, -0.17027274, 0.13567941, 0.20011765, 0.57754004, -0.572,
        0.097215004, -0.20850001,
      ],
      tree_param: { size_leaf_vector: '2' },
    });
    const options = { trees: [tree], base: '[5E-1,5E-1]', groups: { num_target: '2' } };
    expect(contributions(read({ ...options, version: [3, 3, 0] }), [0.3, -0.7])).toEqual([
      -0.15692777931690216, 0.016317643225193024, 0.5715456008911133, -0.025599589571356773,
      0.0009034695103764534, 0.3544234037399292,
    ]);
    expect(outputNames(read({ ...options, version: [3, 2, 0] }))).not.toContain('contributions');
  });

  test('has contributions unless a split has less than no training data', () => {
    const cover = (sum_hessian: number[]) =>
      outputNames(read({ version: [3, 3, 0], trees: [stump({ sum_hessian })] }));
    expect(cover([0, 0, 0])).toContain('contributions');
    expect(cover([8, -3, 11])).not.toContain('contributions');
    expect(outputNames(read({ version: [3, 3, 0] }))).not.toContain('contributions');
  });
});

test('what save_config returns has no model in it', () => {
  expect(() => read({ learner: { generic_param: {} } })).toThrow(
    expect.objectContaining({ code: 'MODEL_IS_BOOSTER', hint: expect.stringContaining('save_model') }),
  );
});

test('a linear booster leaves out what is missing', () => {
  const gradient_booster = { name: 'gblinear', model: { weights: [2, 10, 0.5] } };
  const options = { learner: { gradient_booster } };
  expect(
    predict(options, [
      [3, 1],
      [Number.NaN, 1],
    ]),
  ).toEqual({ prediction: [16.5, 10.5] });
});

test('categories come by name; one that training has not seen is an error, as in the library', () => {
  const letters = [...Buffer.from('OsloRome')];
  const cats = {
    enc: [
      { offsets: [], values: [] },
      { offsets: [0, 4, 8], values: letters },
    ],
  };
  const options = { trees: [bySet], model: { cats } };
  expect(
    predict(
      options,
      ['Oslo', 'Rome', ''].map(city => [0, city]),
    ),
  ).toEqual({ prediction: [-1, 2, 2] });
  expect(() => predict(options, [[0, 'Paris']])).toThrow(/"city" has no category "Paris"/);
});

describe('UBJSON', () => {
  const bytes = (...parts: (string | number)[]) =>
    Buffer.concat(
      parts.map(part => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.of(part))),
    );
  test('holds what JSON does', () => {
    const text = bytes(
      '{',
      'i',
      2,
      'ab',
      '[',
      '$',
      'd',
      '#',
      'i',
      2,
      '\x3f\x80\x00\x00\xc0\x00\x00\x00',
      'U',
      1,
      'c',
      'S',
      'i',
      2,
      'hi',
      'i',
      1,
      'd',
      '[',
      'T',
      'F',
      'Z',
      'I',
      1,
      0,
      ']',
      '}',
    );
    expect(parseUbjson(text)).toEqual({ ab: Float32Array.of(1, -2), c: 'hi', d: [true, false, null, 256] });
  });
  test.each([
    ['a list that ends early', bytes('[', '$', 'd', '#', 'l', '\x7f\xff\xff\xff')],
    ['a length that is negative', bytes('S', 'i', 0xff, 'a')],
    ['too many levels', Buffer.alloc(1000, '[')],
    ['an unknown marker', bytes('q')],
    ['nothing', Buffer.alloc(0)],
  ])('%s is refused', (_name, text) => {
    expect(() => parseUbjson(text)).toThrow(expect.objectContaining({ code: 'BOOSTER_INVALID' }));
  });
  test('any bytes get an error of coldpress or a value', () => {
    const random = seededRandom(2);
    const markers = '{[SLdDilIU$#TFZN]}';
    for (let round = 0; round < 5000; round++) {
      const text = Buffer.from(
        Array.from({ length: 40 }, () =>
          random() < 0.7
            ? markers.charCodeAt(Math.floor(random() * markers.length))
            : Math.floor(random() * 256),
        ),
      );
      try {
        parseUbjson(text);
      } catch (error) {
        expect(error).toMatchObject({ code: 'BOOSTER_INVALID' });
      }
    }
  });
});

test.each<[string, Options | string, string]>([
  ['no JSON', '{"learner": ', 'BOOSTER_INVALID'],
  ['no learner', '{}', 'BOOSTER_INVALID'],
  ['a cycle', { trees: [stump({ left_children: [0, -1, -1] })] }, 'BOOSTER_INVALID'],
  ['a child that does not exist', { trees: [stump({ left_children: [9, -1, -1] })] }, 'BOOSTER_INVALID'],
  ['a feature that does not exist', { trees: [stump({ split_indices: [2, 0, 0] })] }, 'BOOSTER_INVALID'],
  ['lists that do not fit', { trees: [stump({ split_conditions: [1] })] }, 'BOOSTER_INVALID'],
  [
    'a set that does not exist',
    { trees: [stump({ categories_nodes: [0], categories_segments: [5], categories_sizes: [1] })] },
    'BOOSTER_INVALID',
  ],
  ['a group that does not exist', { info: [3] }, 'BOOSTER_INVALID'],
  ['a base score out of range', { base: '2E0', objective: 'binary:logistic' }, 'BOOSTER_INVALID'],
  ['an unknown objective', { objective: 'mine' }, 'BOOSTER_UNSUPPORTED'],
  [
    'another booster',
    { learner: { gradient_booster: { name: 'gbforest', model: {} } } },
    'BOOSTER_UNSUPPORTED',
  ],
])('refuses %s', (_name, options, code) => {
  const read_ = () =>
    typeof options === 'string' ? readXgBoost(Buffer.from(options), 'json') : read(options);
  expect(read_).toThrow(expect.objectContaining({ code }));
});
