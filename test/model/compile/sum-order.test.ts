import { expect, test } from 'vitest';
import { randomNumbers } from '../../../bench/models/random.ts';
import { AttributeProto_AttributeType as AttributeType } from '../../../lib/model/onnx_pb.ts';
import { EngineTensor } from '../../../lib/runtime/engine/tensor.ts';
import { node } from '../build-model.ts';
import { difference, type Operator } from './answers.ts';

/**
 * The order in which numbers are added decides the last bits of a sum, and whether large numbers become infinite or NaN
 * on the way. ONNX Runtime's order depends on the processor; the compiled engine follows x64.
 */
const onX64 = test.skipIf(process.arch !== 'x64');

const random = randomNumbers(7);
const numbers = (count: number, scale = 1) =>
  Float32Array.from({ length: count }, () => (random() - 0.5) * scale);
const attribute = (values: Float32Array) => ({ type: AttributeType.FLOATS, floats: [...values] });
const input = (dims: [number, number], data: Float32Array) =>
  new Map([['x', new EngineTensor('float32', data, dims)]]);

function regressor(depth: number, columns: number): Operator {
  return {
    nodes: [
      node('ai.onnx.ml.LinearRegressor', ['x'], ['y'], {
        targets: BigInt(columns),
        coefficients: attribute(numbers(depth * columns)),
        intercepts: attribute(numbers(columns)),
      }),
    ],
    inputs: { x: [1, depth] },
    outputs: ['y'],
  };
}

onX64.each([
  [1, 5, 1],
  [1, 8, 2],
  [1, 13, 3],
  [1, 100, 7],
  [1, 2000, 4],
  [2, 1025, 16],
  [2, 513, 17],
  [3, 300, 33],
  [3, 300, 65],
  [5, 130, 200],
])(
  '%i rows of %i columns through a linear model of %i sums are equal to the last bit',
  (rows, depth, columns) => {
    const { isEqual, text } = difference(
      regressor(depth, columns),
      input([rows, depth], numbers(rows * depth)),
    );
    expect(isEqual, text).toBe(true);
  },
);

onX64.each(Array.from({ length: 20 }, (_, at) => [at]))(
  'a record of numbers too large to add, %i, has the label and the score of ONNX Runtime',
  () => {
    const classifier: Operator = {
      nodes: [
        node('ai.onnx.ml.LinearClassifier', ['x'], ['label', 'scores'], {
          classlabels_ints: [3n, 4n],
          coefficients: attribute(numbers(2 * 5, 4)),
          intercepts: attribute(numbers(2)),
          post_transform: 'LOGISTIC',
        }),
      ],
      inputs: { x: [1, 5] },
      outputs: ['label', 'scores'],
    };
    const { isEqual, text } = difference(classifier, input([1, 5], numbers(5, 6.8e38)));
    expect(isEqual, text).toBe(true);
  },
);

onX64.each<[left: number[], right: number[]]>([
  [
    [1, 103],
    [103, 33],
  ],
  [
    [9, 13],
    [13, 1],
  ],
  [[6, 40], [40]],
  [
    [4, 300],
    [300, 20],
  ],
  [
    [4, 300],
    [300, 200],
  ],
  [
    [7, 1, 40],
    [40, 5],
  ],
  [
    [2, 1, 40],
    [2, 40, 5],
  ],
  [
    [2, 3, 40],
    [2, 40, 1],
  ],
])('a product of two matrices that are no constants, %o and %o, is equal to the last bit', (left, right) => {
  const tensor = (dims: number[]) =>
    new EngineTensor('float32', numbers(dims.reduce((product, size) => product * size, 1)), dims);
  const { isEqual, text } = difference(
    { nodes: [node('MatMul', ['a', 'b'], ['y'])], inputs: { a: left, b: right }, outputs: ['y'] },
    new Map([
      ['a', tensor(left)],
      ['b', tensor(right)],
    ]),
  );
  expect(isEqual, text).toBe(true);
});

onX64.each(['euclidean', 'sqeuclidean'])(
  'distances of rows that are close are those of ONNX Runtime: %s',
  metric => {
    const a = numbers(20);
    const { isEqual, text } = difference(
      {
        nodes: [node('com.microsoft.CDist', ['a', 'b'], ['y'], { metric })],
        inputs: { a: [2, 10], b: [3, 10] },
        outputs: ['y'],
      },
      new Map([
        ['a', new EngineTensor('float32', a, [2, 10])],
        [
          'b',
          new EngineTensor(
            'float32',
            Float32Array.from({ length: 30 }, (_, at) => a[at % 20]! + at / 1e5),
            [3, 10],
          ),
        ],
      ]),
    );
    expect(isEqual, text).toBe(true);
  },
);
