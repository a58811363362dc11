import { AttributeProto_AttributeType as Type } from '../../../lib/model/onnx_pb.ts';
import type { ElementType } from '../../../lib/model/types.ts';
import { EngineTensor } from '../../../lib/runtime/engine/tensor.ts';
import { type Attributes, graph, model, node, tensorType, value } from '../../../test/model/build-model.ts';
import type { FuzzCase } from './case.ts';
import { type Draw, neighbour, oddFloats } from './draw.ts';

const elements = {
  float32: 'FLOAT',
  float64: 'DOUBLE',
  int64: 'INT64',
  int32: 'INT32',
  string: 'STRING',
} as const;
type InputType = keyof typeof elements;

const ints = (values: number[]) => ({ type: Type.INTS, ints: values.map(BigInt) });
const floats = (values: number[]) => ({ type: Type.FLOATS, floats: values });
const transforms = ['NONE', 'LOGISTIC', 'SOFTMAX', 'SOFTMAX_ZERO'];
const rowCounts = [1, 2, 7, 128];

/** A single node with one or more inputs. */
function one(
  operator: string,
  attributes: Attributes,
  {
    input,
    outputs,
    opsets = {},
  }: { input: EngineTensor | EngineTensor[]; outputs: ElementType[]; opsets?: Record<string, number> },
): FuzzCase {
  const names = outputs.map((_, index) => `y${index}`);
  const inputs = new Map([input].flat().map((tensor, index) => [`x${index}`, tensor]));
  return {
    model: model(
      graph({
        node: [node(operator, [...inputs.keys()], names, attributes)],
        input: [...inputs].map(([name, { type }]) =>
          value(name, tensorType(elements[type as InputType], null)),
        ),
        output: outputs.map((element, index) => value(names[index]!, tensorType(element, null))),
      }),
      { '': 17, 'ai.onnx.ml': 1, ...opsets },
    ),
    inputs,
  };
}

/**
 * A table of ordinary numbers, with some unusual ones, and some on or next to the numbers that the model decides by.
 */
function table(
  draw: Draw,
  columns: number,
  types: readonly InputType[],
  {
    oddness = 0.05,
    odd = oddFloats,
    edges = [],
  }: { oddness?: number; odd?: readonly number[]; edges?: readonly number[] } = {},
): EngineTensor {
  const type = draw.pick(types);
  const rows = draw.pick(rowCounts);
  const cell = () => {
    if (edges.length > 0 && draw.chance(0.5)) {
      const edge = draw.pick(edges);
      return draw.pick([edge, neighbour(edge, 1), neighbour(edge, -1), -edge]);
    }
    return draw.chance(oddness) ? draw.pick(odd) : draw.plain();
  };
  const cells = draw.list(rows * columns, cell);
  const whole = cells.map(x => (Number.isFinite(x) ? Math.max(-1e6, Math.min(1e6, Math.round(x))) : 0));
  const data = {
    float32: () => Float32Array.from(cells),
    float64: () => Float64Array.from(cells),
    int64: () => BigInt64Array.from(whole, BigInt),
    int32: () => Int32Array.from(whole),
    string: () => whole.map(String),
  }[type]();
  return new EngineTensor(type, data, rows === 1 && draw.chance(0.2) ? [columns] : [rows, columns]);
}

const numbers = ['float32', 'float32', 'float64', 'int64', 'int32'] as const;

export function linearClassifier(draw: Draw): FuzzCase {
  const columns = draw.int(1, 40);
  const scores = draw.pick([1, 1, 2, 3, 5]);
  const count = scores === 1 ? draw.pick([1, 2]) : scores;
  const isText = draw.chance(0.4);
  // As skl2onnx writes two classes: the coefficients of one are those of the other, negated.
  const areOpposite = scores === 2 && draw.chance(0.7);
  const listOf = (size: number) => {
    const own = draw.list(areOpposite ? size / 2 : size, draw.plain);
    return areOpposite ? [...own.map(number => -number), ...own] : own;
  };
  const coefficients = listOf(scores * columns);
  const input = table(draw, columns, numbers, { oddness: 0.01, odd: summable });
  const made = one(
    'ai.onnx.ml.LinearClassifier',
    {
      coefficients: floats(coefficients),
      intercepts: floats(listOf(scores)),
      ...(isText
        ? { classlabels_strings: draw.list(count, i => `c${i}`) }
        : { classlabels_ints: ints(draw.list(count, i => i + 5)) }),
      post_transform: draw.pick(transforms),
      multi_class: draw.int(0, 1),
    },
    { input, outputs: [isText ? 'STRING' : 'INT64', 'FLOAT'] },
  );
  return { ...made, magnitude: magnitudeOfSums(input, coefficients, columns) };
}

export function linearRegressor(draw: Draw): FuzzCase {
  const columns = draw.int(1, 40);
  const targets = draw.pick([1, 1, 2, 5]);
  const coefficients = draw.list(targets * columns, draw.plain);
  const input = table(draw, columns, ['float32'], { oddness: 0.01, odd: summable });
  const made = one(
    'ai.onnx.ml.LinearRegressor',
    {
      targets,
      coefficients: floats(coefficients),
      ...(draw.chance(0.7) && { intercepts: floats(draw.list(targets, draw.plain)) }),
      post_transform: draw.pick(transforms),
    },
    { input, outputs: ['FLOAT'] },
  );
  return { ...made, magnitude: magnitudeOfSums(input, coefficients, columns) };
}

/**
 * With larger numbers, the overflow of a sum would depend on the order of its terms, which for one row depends on the
 * CPU in ONNX Runtime.
 */
const summable = oddFloats.filter(number => !(Math.abs(number) > 1e38 && Number.isFinite(number)));

/** Only for rows without huge numbers. */
function magnitudeOfSums({ data }: EngineTensor, coefficients: number[], columns: number): number {
  const numbers = Array.from<unknown, number>(data, Number);
  let most = 1;
  for (let row = 0; row < numbers.length; row += columns) {
    for (let start = 0; start < coefficients.length; start += columns) {
      const sizes = coefficients
        .slice(start, start + columns)
        .map((coefficient, i) => Math.abs(coefficient * numbers[row + i]!));
      const sum = sizes.reduce((total, size) => total + size, 0);
      most = sum < 1e5 ? Math.max(most, sum) : most;
    }
  }
  return most;
}

interface SvmKernel {
  attributes: Attributes;
  /** The largest possible similarity, from the sum of the absolute values of a product's terms. */
  most(size: number): number;
}

function kernel(draw: Draw): SvmKernel {
  const type = draw.pick(['LINEAR', 'POLY', 'RBF', 'SIGMOID'] as const);
  const [gamma, coef0, degree] = [draw.pick([0.1, 0.25, 1]), draw.pick([0, 0.5, 1]), draw.pick([2, 3])];
  const most = {
    LINEAR: (size: number) => size,
    POLY: (size: number) => (gamma * size + coef0) ** degree,
    RBF: () => 1,
    SIGMOID: () => 1,
  }[type];
  return { attributes: { kernel_type: type, kernel_params: floats([gamma, coef0, degree]) }, most };
}

function magnitudeOfSimilarities(
  input: EngineTensor,
  { most }: SvmKernel,
  { vectors, coefficients, columns }: { vectors: number[]; coefficients: number[]; columns: number },
): number {
  const sum = coefficients.reduce((total, coefficient) => total + Math.abs(coefficient), 1);
  return sum * most(magnitudeOfSums(input, vectors, columns));
}

export function svmClassifier(draw: Draw): FuzzCase {
  const columns = draw.int(1, 6);
  const count = draw.pick([2, 2, 3, 4]);
  const isText = draw.chance(0.4);
  const labels: Attributes = isText
    ? { classlabels_strings: draw.list(count, i => `c${i}`) }
    : { classlabels_ints: ints(draw.list(count, i => i + 5)) };
  const outputs: ElementType[] = [isText ? 'STRING' : 'INT64', 'FLOAT'];
  const pairs = (count * (count - 1)) / 2;
  const input = table(draw, columns, numbers, { oddness: draw.pick([0, 0.02]) });
  if (draw.chance(0.2)) {
    const coefficients = draw.list(count * columns, draw.plain);
    const linear = {
      ...kernel(draw).attributes,
      ...labels,
      coefficients: floats(coefficients),
      rho: floats([draw.plain()]),
      post_transform: draw.pick(transforms),
    };
    const made = one('ai.onnx.ml.SVMClassifier', linear, { input, outputs });
    return { ...made, magnitude: magnitudeOfSums(input, coefficients, columns) };
  }
  const perClass = draw.list(count, () => draw.int(1, 4));
  const vectors = perClass.reduce((sum, size) => sum + size, 0);
  const hasProbabilities = draw.chance(0.5);
  const similarity = kernel(draw);
  const supports = draw.list(vectors * columns, draw.plain);
  const coefficients = draw.list((count - 1) * vectors, draw.plain);
  const attributes = {
    ...similarity.attributes,
    ...labels,
    vectors_per_class: ints(perClass),
    support_vectors: floats(supports),
    coefficients: floats(coefficients),
    rho: floats(draw.list(pairs, draw.plain)),
    ...(hasProbabilities && {
      prob_a: floats(draw.list(pairs, () => -Math.abs(draw.plain()))),
      prob_b: floats(draw.list(pairs, draw.plain)),
    }),
    post_transform: draw.pick(['NONE', 'NONE', ...transforms]),
  };
  return {
    ...one('ai.onnx.ml.SVMClassifier', attributes, { input, outputs }),
    magnitude: magnitudeOfSimilarities(input, similarity, { vectors: supports, coefficients, columns }),
  };
}

export function svmRegressor(draw: Draw): FuzzCase {
  const columns = draw.int(1, 6);
  const count = draw.pick([0, 1, 5, 20]);
  const similarity = kernel(draw);
  const vectors = draw.list(count * columns, draw.plain);
  const coefficients = draw.list(count || columns, draw.plain);
  const input = table(draw, columns, ['float32'], { oddness: 0 });
  const made = one(
    'ai.onnx.ml.SVMRegressor',
    {
      ...similarity.attributes,
      n_supports: count,
      ...(count > 0 && { support_vectors: floats(vectors) }),
      coefficients: floats(coefficients),
      rho: floats([draw.plain()]),
      one_class: draw.int(0, 1),
    },
    { input, outputs: ['FLOAT'] },
  );
  const magnitude =
    count === 0
      ? magnitudeOfSums(input, coefficients, columns)
      : magnitudeOfSimilarities(input, similarity, { vectors, coefficients, columns });
  return { ...made, magnitude };
}

export function scaler(draw: Draw): FuzzCase {
  const columns = draw.int(1, 6);
  const count = draw.pick([1, columns, columns, columns + 1]);
  return one(
    'ai.onnx.ml.Scaler',
    { offset: floats(draw.list(count, draw.plain)), scale: floats(draw.list(count, draw.plain)) },
    { input: table(draw, columns, numbers), outputs: ['FLOAT'] },
  );
}

export function normalizer(draw: Draw): FuzzCase {
  return one(
    'ai.onnx.ml.Normalizer',
    { norm: draw.pick(['MAX', 'L1', 'L2']) },
    { input: table(draw, draw.int(1, 6), numbers, { oddness: 0.02 }), outputs: ['FLOAT'] },
  );
}

export function binarizer(draw: Draw): FuzzCase {
  const threshold = Math.fround(draw.chance(0.2) ? draw.pick(oddFloats) : draw.plain());
  return one(
    'ai.onnx.ml.Binarizer',
    { threshold: { type: Type.FLOAT, f: threshold } },
    {
      input: table(draw, draw.int(1, 6), ['float32'], { oddness: 0.1, edges: [threshold] }),
      outputs: ['FLOAT'],
    },
  );
}

export function imputer(draw: Draw): FuzzCase {
  const columns = draw.int(1, 6);
  const input = table(draw, columns, ['float32', 'int64'], { oddness: 0.2, edges: [0, 1] });
  const count = draw.pick([1, columns, columns, columns + 1]);
  const replaced = draw.pick([Number.NaN, 0, 1]);
  return one(
    'ai.onnx.ml.Imputer',
    input.type === 'float32'
      ? {
          imputed_value_floats: floats(draw.list(count, draw.plain)),
          replaced_value_float: { type: Type.FLOAT, f: replaced },
        }
      : { imputed_value_int64s: ints(draw.list(count, i => i)), replaced_value_int64: draw.int(0, 1) },
    { input, outputs: [elements[input.type as InputType]] },
  );
}

export function oneHotEncoder(draw: Draw): FuzzCase {
  const type = draw.pick(['float32', 'float64', 'int64', 'string'] as const);
  const categories = draw.list(draw.int(1, 6), () => draw.int(-3, 5));
  return one(
    'ai.onnx.ml.OneHotEncoder',
    {
      ...(type === 'string' ? { cats_strings: categories.map(String) } : { cats_int64s: ints(categories) }),
      zeros: draw.pick([1, 1, 0]),
    },
    { input: table(draw, draw.int(1, 4), [type], { oddness: 0, edges: categories }), outputs: ['FLOAT'] },
  );
}

/** The second input selects columns, some of which do not exist. */
export function arrayFeatureExtractor(draw: Draw): FuzzCase {
  const columns = draw.int(1, 6);
  const input = table(draw, columns, [...numbers, 'string'], { oddness: 0.2 });
  const picked = draw.list(draw.int(1, 4), () => draw.int(draw.chance(0.03) ? -1 : 0, columns - 1));
  return one(
    'ai.onnx.ml.ArrayFeatureExtractor',
    {},
    {
      input: [input, new EngineTensor('int64', BigInt64Array.from(picked, BigInt), [picked.length])],
      outputs: [elements[input.type as InputType]],
    },
  );
}

/** The declared widths often differ from the inputs', so the operator pads and cuts. */
export function featureVectorizer(draw: Draw): FuzzCase {
  const type = draw.pick(numbers);
  const first = table(draw, draw.int(1, 4), [type], { oddness: 0.2 });
  const more = draw.list(draw.int(0, 2), () => {
    const { data } = first;
    const rows = first.dims.length === 1 ? 1 : first.dims[0]!;
    return draw.chance(0.5) ? first : new EngineTensor(first.type, data, [rows, data.length / rows]);
  });
  const inputs = [first, ...more];
  return one(
    'ai.onnx.ml.FeatureVectorizer',
    { inputdimensions: ints(inputs.map(({ dims }) => dims.at(-1)! + draw.pick([0, 0, 1, -1]))) },
    { input: inputs, outputs: ['FLOAT'] },
  );
}

export function categoryMapper(draw: Draw): FuzzCase {
  const count = draw.int(1, 6);
  const [from, to] = draw.pick([
    ['string', 'int64'],
    ['int64', 'string'],
  ] as const);
  const numbered = draw.list(count, () => draw.int(-3, 3));
  return one(
    'ai.onnx.ml.CategoryMapper',
    {
      cats_int64s: ints(numbered),
      cats_strings: draw.list(count, () => String(draw.int(-3, 3))),
      ...(draw.chance(0.5) && { default_int64: draw.int(-9, 9), default_string: 'none' }),
    },
    {
      input: table(draw, draw.int(1, 4), [from], { oddness: 0.3, edges: numbered }),
      outputs: [elements[to]],
    },
  );
}

export function labelEncoder(draw: Draw): FuzzCase {
  return draw.chance(0.2) ? firstLabelEncoder(draw) : keyedLabelEncoder(draw);
}

/** Version 1 of the operator: maps strings to their positions, and back. */
function firstLabelEncoder(draw: Draw): FuzzCase {
  const from = draw.pick(['string', 'int64'] as const);
  return one(
    'ai.onnx.ml.LabelEncoder',
    {
      classes_strings: draw.list(draw.int(1, 6), () => String(draw.int(-3, 3))),
      ...(draw.chance(0.5) && { default_int64: draw.int(-9, 9), default_string: 'none' }),
    },
    {
      input: table(draw, draw.int(1, 4), [from], { oddness: 0.3 }),
      outputs: [from === 'string' ? 'INT64' : 'STRING'],
    },
  );
}

function keyedLabelEncoder(draw: Draw): FuzzCase {
  const [from, to] = draw.pick([
    ['string', 'int64'],
    ['int64', 'string'],
    ['string', 'float32'],
    ['float32', 'string'],
    ['int64', 'float32'],
    ['float32', 'int64'],
    ['string', 'string'],
    ['int64', 'int64'],
    ['float32', 'float32'],
  ] as const);
  const count = draw.int(1, 6);
  const list = (role: string, type: InputType): Attributes =>
    type === 'string'
      ? { [`${role}_strings`]: draw.list(count, () => String(draw.int(-3, 3))) }
      : type === 'int64'
        ? { [`${role}_int64s`]: ints(draw.list(count, () => draw.int(-3, 3))) }
        : { [`${role}_floats`]: floats(draw.list(count, () => draw.pick([...oddFloats, 1, 2, 0.5]))) };
  return one(
    'ai.onnx.ml.LabelEncoder',
    { ...list('keys', from), ...list('values', to) },
    {
      input: table(draw, draw.int(1, 4), [from], { oddness: 0.3, edges: [-3, -1, 0, 0.5, 2, 3] }),
      outputs: [elements[to]],
      opsets: { 'ai.onnx.ml': draw.pick([2, 4]) },
    },
  );
}

export function tfIdfVectorizer(draw: Draw): FuzzCase {
  const isText = draw.chance(0.5);
  const longest = draw.int(1, 3);
  const pool: string[] = [];
  const starts: number[] = [];
  for (let length = 1; length <= longest; length++) {
    starts.push(pool.length);
    const grams = new Set(draw.list(draw.int(1, 4), () => draw.list(length, () => draw.int(0, 4)).join(' ')));
    pool.push(...[...grams].flatMap(gram => gram.split(' ')));
  }
  const count = starts.reduce((sum, start, i) => sum + ((starts[i + 1] ?? pool.length) - start) / (i + 1), 0);
  const columns = draw.list(count, i => i).sort(() => draw.random() - 0.5);
  const type = isText ? 'string' : draw.pick(['int64', 'int32'] as const);
  const width = draw.int(1, 7);
  const rows = draw.pick(rowCounts);
  const items = draw.list(rows * width, () => draw.int(0, 5));
  const data =
    type === 'string'
      ? items.map(String)
      : type === 'int64'
        ? BigInt64Array.from(items, BigInt)
        : Int32Array.from(items);
  return one(
    'TfIdfVectorizer',
    {
      mode: draw.pick(['TF', 'IDF', 'TFIDF']),
      min_gram_length: draw.int(1, longest),
      max_gram_length: longest,
      max_skip_count: draw.int(0, 2),
      ngram_counts: ints(starts),
      ngram_indexes: ints(columns),
      ...(isText ? { pool_strings: pool } : { pool_int64s: ints(pool.map(Number)) }),
      ...(draw.chance(0.5) && { weights: floats(draw.list(count, draw.plain)) }),
    },
    {
      input: new EngineTensor(type, data, rows === 1 && draw.chance(0.3) ? [width] : [rows, width]),
      outputs: ['FLOAT'],
    },
  );
}

const words = [
  'a',
  'B',
  'the',
  'The',
  'É',
  'ß',
  'ǆ',
  'İ',
  'ﬁ',
  '日本',
  'Σς',
  'ŉ',
  '',
  'x y',
  'Ω',
  'ⅷ',
  'ᾳ',
  '𐐀',
];

export function stringNormalizer(draw: Draw): FuzzCase {
  const width = draw.pick([1, 2, 3, 4, 5, 6, 128]);
  const stopwords = [...new Set(draw.list(draw.int(0, 2), () => draw.pick(['a', 'the', 'B', 'ß'])))];
  return one(
    'StringNormalizer',
    {
      case_change_action: draw.pick(['NONE', 'LOWER', 'UPPER']),
      is_case_sensitive: draw.int(0, 1),
      ...(stopwords.length > 0 && { stopwords }),
      locale: 'C.UTF-8',
    },
    {
      input: new EngineTensor(
        'string',
        draw.list(width, () => draw.pick(words)),
        draw.chance(0.5) ? [width] : [1, width],
      ),
      outputs: ['STRING'],
    },
  );
}
