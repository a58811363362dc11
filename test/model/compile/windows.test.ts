import { expect, test } from 'vitest';
import { openOracle } from '../../../bench/engines/oracle.ts';
import type { Session } from '../../../lib/runtime/engine/session.ts';
import { EngineTensor } from '../../../lib/runtime/engine/tensor.ts';
import { type Attributes, floats, node } from '../build-model.ts';
import { compiled, encode, type Operator } from './answers.ts';

/** Windows that do not fit their input, or skip a part of it: both engines give the same answer, or none. */

interface Sliding {
  operator: string;
  opset: number;
  /** Of a line; `kernel_shape` is 1 unless given. */
  attributes: Attributes;
  /** Sizes of lines that are answered, with the sizes of the answers. */
  sizes: [size: number, outSize: number][];
  refused?: number[];
}

const windows: [name: string, sliding: Sliding][] = [
  ...[
    { operator: 'MaxPool', opset: 12 },
    { operator: 'AveragePool', opset: 19 },
    { operator: 'LpPool', opset: 18 },
  ].map((one): [string, Sliding] => [
    `${one.operator}, dilated beyond the input`,
    {
      ...one,
      attributes: { kernel_shape: [2n], dilations: [3n], strides: [2n] },
      sizes: [
        [1, 0],
        [2, 0],
        [3, 1],
        [4, 1],
        [6, 2],
      ],
      refused: [0],
    },
  ]),
  [
    'MaxPool, wider than the input',
    {
      operator: 'MaxPool',
      opset: 7,
      attributes: { kernel_shape: [4n] },
      sizes: [[3, 0]],
      refused: [1, 2],
    },
  ],
  [
    'AveragePool, rounded up',
    {
      operator: 'AveragePool',
      opset: 11,
      attributes: { kernel_shape: [3n], strides: [2n], ceil_mode: 1 },
      sizes: [
        [1, 0],
        [2, 1],
        [4, 2],
      ],
    },
  ],
  [
    'MaxPool, dilated into the padding only',
    {
      operator: 'MaxPool',
      opset: 12,
      attributes: { kernel_shape: [2n], dilations: [3n], pads: [1n, 1n] },
      sizes: [
        [1, 0],
        [2, 1],
      ],
    },
  ],
  [
    'AveragePool, padding counted, wider than the input',
    {
      operator: 'AveragePool',
      opset: 7,
      attributes: { kernel_shape: [3n], strides: [3n], count_include_pad: 1 },
      sizes: [
        [1, 1],
        [2, 1],
        [7, 2],
      ],
    },
  ],
  ...['SAME_UPPER', 'SAME_LOWER'].flatMap((auto_pad): [string, Sliding][] => [
    [
      `MaxPool, ${auto_pad} of dilated windows`,
      {
        operator: 'MaxPool',
        opset: 12,
        attributes: { kernel_shape: [2n], dilations: [2n], strides: [2n], auto_pad },
        sizes: [
          [2, 1],
          [5, 2],
          [7, 3],
        ],
      },
    ],
    [
      `MaxPool, ${auto_pad} of strides wider than the window`,
      {
        operator: 'MaxPool',
        opset: 12,
        attributes: { kernel_shape: [1n], strides: [5n], auto_pad },
        sizes: [[1, 1]],
        refused: [4, 5],
      },
    ],
    [
      `AveragePool, ${auto_pad} of strides wider than the window`,
      {
        operator: 'AveragePool',
        opset: 19,
        attributes: { kernel_shape: [2n], strides: [5n], dilations: [2n], auto_pad },
        sizes: [
          [3, 1],
          [4, 1],
          [5, 1],
        ],
      },
    ],
    [
      `Conv, ${auto_pad} of strides wider than the window`,
      {
        operator: 'Conv',
        opset: 11,
        attributes: { kernel_shape: [1n], strides: [7n], auto_pad },
        sizes: [
          [1, 1],
          [3, 1],
          [4, 1],
          [5, 1],
          [13, 2],
        ],
      },
    ],
    [
      `Conv, ${auto_pad} of dilated windows`,
      {
        operator: 'Conv',
        opset: 11,
        attributes: { kernel_shape: [1n], dilations: [2n], auto_pad },
        sizes: [],
        refused: [3],
      },
    ],
  ]),
];

test.each(windows)('%s', (_, { operator, opset, attributes, sizes, refused = [] }) => {
  const constants = operator === 'Conv' ? [floats('w', [1, 1, 1], Float32Array.of(2))] : [];
  const one: Operator = {
    nodes: [node(operator, ['x', ...constants.map(({ name }) => name)], ['y'], attributes)],
    inputs: { x: [1, 1, 1] },
    constants,
    outputs: ['y'],
    opset,
  };
  const bytes = encode(one);
  const oracle = openOracle(bytes) as Session;
  const ours = compiled(bytes);
  const run = (session: Session, size: number) => {
    const data = Float32Array.from({ length: size }, (_, at) => ((at * 7) % 5) + 1);
    return session.run(new Map([['x', new EngineTensor('float32', data, [1, 1, size])]]), ['y'])[0]!;
  };
  for (const [size, outSize] of sizes) {
    const [expected, actual] = [run(oracle, size), run(ours, size)];
    expect([expected.dims, actual.dims]).toEqual([
      [1, 1, outSize],
      [1, 1, outSize],
    ]);
    expect(actual.data).toEqual(expected.data);
  }
  for (const size of refused) {
    expect(() => run(oracle, size)).toThrow();
    expect(() => run(ours, size)).toThrow(operator);
  }
  oracle.close();
});
