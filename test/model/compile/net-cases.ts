import { create } from '@bufbuild/protobuf';
import {
  type TensorProto,
  TensorProtoSchema,
  TensorProto_DataType as Type,
} from '../../../lib/model/onnx_pb.ts';
import { type Attributes, floats, ints, node } from '../build-model.ts';
import { type Operator, weights } from './answers.ts';

const list = (...values: number[]) => values.map(BigInt);
const pads = (...values: number[]) => ({ pads: list(...values) });

function int32s(name: string, values: number[]): TensorProto {
  const rawData = new Uint8Array(Int32Array.from(values).buffer);
  return create(TensorProtoSchema, { name, dims: [BigInt(values.length)], dataType: Type.INT32, rawData });
}

/** Small whole numbers, of either sign. */
function int8s(name: string, dims: number[]): TensorProto {
  const length = dims.reduce((product, size) => product * size, 1);
  const rawData = new Uint8Array(Int8Array.from({ length }, (_, index) => ((index * 37) % 23) - 11).buffer);
  return create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType: Type.INT8, rawData });
}

function bytes(type: 'UINT8' | 'INT8', name: string, values: number[], dims = [values.length]): TensorProto {
  const rawData = Uint8Array.from(values, value => value & 255);
  return create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType: Type[type], rawData });
}

const number = (name: string, value: number) => floats(name, [], Float32Array.of(value));

/** `x` in whole numbers, then an operator of those over it and constants; `q`, `xs` and `xz` are the quantized `x`. */
function quantized(
  operator: string,
  dims: number[],
  {
    inputs,
    type = 'UINT8',
    constants = [],
    attributes = {},
    steps = 0.05,
  }: {
    inputs: string[];
    type?: 'UINT8' | 'INT8';
    constants?: TensorProto[];
    attributes?: Attributes;
    steps?: number;
  },
): Operator {
  const [middle, other] = type === 'UINT8' ? [120, 131] : [3, -7];
  return {
    nodes: [node('QuantizeLinear', ['x', 'xs', 'xz'], ['q']), node(operator, inputs, ['y'], attributes)],
    inputs: { x: dims },
    constants: [
      number('xs', 0.03),
      bytes(type, 'xz', [middle], []),
      number('ys', steps),
      bytes(type, 'yz', [other], []),
      ...constants,
    ],
    outputs: ['y'],
  };
}

const kernel8 = [int8s('w', [4, 3, 3, 2]), bytes('INT8', 'wz', [0], []), number('ws', 0.01)];
const quantizedNets = (['UINT8', 'INT8'] as const).flatMap((type): [string, Operator][] => [
  [
    `QLinearConv, ${type}`,
    quantized('QLinearConv', [2, 3, 9, 8], {
      type,
      inputs: ['q', 'xs', 'xz', 'w', 'ws', 'wz', 'ys', 'yz', 'b'],
      constants: [...kernel8, int32s('b', [400, -3000, 12, 0])],
      attributes: { ...pads(1, 1, 0, 1), strides: list(2, 1) },
    }),
  ],
  [
    `QLinearConv by channels, ${type}`,
    quantized('QLinearConv', [1, 4, 7, 7], {
      type,
      inputs: ['q', 'xs', 'xz', 'w', 'ws', 'wz', 'ys', 'yz'],
      constants: [
        int8s('w', [4, 1, 3, 3]),
        floats('ws', [4], Float32Array.of(0.02, 0.5, 0.003, 0.1)),
        bytes('INT8', 'wz', [0, 0, 0, 0]),
      ],
      attributes: { group: 4 },
    }),
  ],
  [
    `QLinearMatMul, ${type}`,
    quantized('QLinearMatMul', [6, 40], {
      type,
      inputs: ['q', 'xs', 'xz', 'w', 'ws', 'wz', 'ys', 'yz'],
      constants: [int8s('w', [40, 12]), bytes('INT8', 'wz', [0], []), number('ws', 0.01)],
    }),
  ],
  ...['QLinearAdd', 'QLinearMul'].map((operator): [string, Operator] => [
    `${operator}, ${type}`,
    quantized(`com.microsoft.${operator}`, [5, 7, 11], {
      type,
      inputs: ['q', 'xs', 'xz', 'o', 'os', 'xz', 'ys', 'yz'],
      constants: [
        bytes(
          type,
          'o',
          Array.from({ length: 77 }, (_, index) => index * 37),
          [7, 11],
        ),
        number('os', 0.017),
      ],
      steps: 0.02,
    }),
  ]),
  ...['QLinearSigmoid', 'QLinearLeakyRelu'].map((operator): [string, Operator] => [
    `${operator}, ${type}`,
    quantized(`com.microsoft.${operator}`, [40, 11], {
      type,
      inputs: ['q', 'xs', 'xz', 'ys', 'yz'],
      steps: 0.004,
    }),
  ]),
  [
    `QLinearGlobalAveragePool, ${type}`,
    quantized('com.microsoft.QLinearGlobalAveragePool', [2, 20, 5, 7], {
      type,
      inputs: ['q', 'xs', 'xz', 'ys', 'yz'],
      steps: 0.01,
    }),
  ],
  [
    `QLinearConcat, ${type}`,
    quantized('com.microsoft.QLinearConcat', [5, 7], {
      type,
      inputs: ['ys', 'yz', 'q', 'xs', 'xz', 'q', 'ys', 'yz'],
      attributes: { axis: 1 },
    }),
  ],
  [
    `ConvInteger, ${type}`,
    quantized('ConvInteger', [2, 3, 9, 8], {
      type,
      inputs: ['q', 'w', 'xz', 'wz'],
      constants: kernel8,
      attributes: pads(1, 1, 1, 1),
    }),
  ],
]);

/** One node over `x` and constants. */
function one(
  operator: string,
  dims: number[],
  {
    constants = [],
    inputs = ['x', ...constants.map(({ name }) => name)],
    attributes = {},
    opset = 17,
  }: { constants?: TensorProto[]; inputs?: string[]; attributes?: Attributes; opset?: number } = {},
): Operator {
  return {
    nodes: [node(operator, inputs, ['y'], attributes)],
    inputs: { x: dims },
    constants,
    outputs: ['y'],
    opset,
  };
}

const lstm = (hidden: number, more: Attributes = {}): Attributes => ({ hidden_size: hidden, ...more });

/** A recurrent layer: weights of so many gates, and what else it takes. */
function recurrent(
  operator: string,
  gates: number,
  {
    attributes = {} as Attributes,
    directions = 1,
    inputs = [] as string[],
    constants = [] as TensorProto[],
  } = {},
): Operator {
  const [steps, records, width, hidden] = [5, 3, 4, 6];
  const all = [
    weights('w', [directions, gates * hidden, width]),
    weights('r', [directions, gates * hidden, hidden], 3),
    weights('b', [directions, 2 * gates * hidden], 4),
  ];
  const outputs = operator === 'LSTM' ? ['y', 'h', 'c'] : ['y', 'h'];
  return {
    nodes: [node(operator, ['x', 'w', 'r', 'b', ...inputs], outputs, lstm(hidden, attributes))],
    inputs: { x: [steps, records, width] },
    constants: [...all, ...constants],
    outputs,
  };
}

const scales = (...values: number[]) => floats('scales', [values.length], Float32Array.from(values));
const resized = (dims: number[], attributes: Attributes, size: TensorProto, opset = 19): Operator =>
  one('Resize', dims, {
    attributes,
    opset,
    constants: [size],
    inputs: size.name === 'scales' ? ['x', '', 'scales'] : ['x', '', '', 'sizes'],
  });

/** What small nets use, of float32. */
export const netCases: [name: string, operator: Operator][] = [
  ['MatMul', one('MatMul', [3, 20], { constants: [weights('w', [20, 33])] })],
  ['MatMul, one row', one('MatMul', [1, 100], { constants: [weights('w', [100, 16])] })],
  ['MatMul, many rows', one('MatMul', [257, 9], { constants: [weights('w', [9, 5])] })],
  ['MatMul, deep', one('MatMul', [3, 700], { constants: [weights('w', [700, 20])] })],
  ['Gemm, deep', one('Gemm', [3, 600], { constants: [weights('w', [600, 33]), weights('c', [33])] })],
  ['MatMul, a batch by one matrix', one('MatMul', [2, 5, 7], { constants: [weights('w', [7, 3])] })],
  ['MatMul, batches', one('MatMul', [2, 1, 5, 7], { constants: [weights('w', [3, 7, 9])] })],
  ['MatMul, a vector', one('MatMul', [7], { constants: [weights('w', [7, 3])] })],
  ['MatMul by a vector', one('MatMul', [4, 7], { constants: [weights('w', [7])] })],
  ['MatMul, no rows', one('MatMul', [0, 7], { constants: [weights('w', [7, 3])] })],
  ['MatMul by itself', one('MatMul', [4, 4], { inputs: ['x', 'x'] })],
  ['Gemm', one('Gemm', [3, 20], { constants: [weights('w', [20, 33]), weights('c', [33])] })],
  [
    'Gemm, transposed and scaled',
    one('Gemm', [20, 3], {
      constants: [weights('w', [33, 20]), weights('c', [3, 1])],
      attributes: { transA: 1, transB: 1, alpha: 0.5, beta: 2.5 },
    }),
  ],
  [
    'Gemm, a matrix of torch',
    one('Gemm', [5, 20], {
      constants: [weights('w', [7, 20]), weights('c', [7])],
      attributes: { transB: 1 },
    }),
  ],
  ['Conv', one('Conv', [2, 3, 8, 9], { constants: [weights('w', [4, 3, 3, 3]), weights('b', [4])] })],
  [
    'Conv, padded',
    one('Conv', [1, 3, 8, 9], { constants: [weights('w', [5, 3, 3, 2])], attributes: pads(1, 0, 2, 1) }),
  ],
  [
    'Conv, strides and dilations',
    one('Conv', [1, 2, 11, 9], {
      constants: [weights('w', [17, 2, 3, 3])],
      attributes: { strides: list(2, 1), dilations: list(1, 2), ...pads(1, 1, 1, 1) },
    }),
  ],
  ['Conv, 1-D', one('Conv', [2, 3, 20], { constants: [weights('w', [4, 3, 5])], attributes: pads(2, 2) })],
  ['Conv, 3-D', one('Conv', [1, 2, 4, 5, 6], { constants: [weights('w', [3, 2, 2, 3, 2])] })],
  [
    'Conv, groups',
    one('Conv', [1, 4, 7, 7], { constants: [weights('w', [6, 2, 3, 3])], attributes: { group: 2 } }),
  ],
  [
    'Conv, depthwise',
    one('Conv', [2, 4, 7, 7], {
      constants: [weights('w', [4, 1, 3, 3]), weights('b', [4])],
      attributes: { group: 4, ...pads(1, 1, 1, 1) },
    }),
  ],
  [
    'Conv, depthwise with a multiplier',
    one('Conv', [1, 3, 7, 7], { constants: [weights('w', [6, 1, 3, 3])], attributes: { group: 3 } }),
  ],
  ...['SAME_UPPER', 'SAME_LOWER', 'VALID'].map((auto_pad): [string, Operator] => [
    `Conv, ${auto_pad}`,
    one('Conv', [1, 2, 7, 8], {
      constants: [weights('w', [3, 2, 2, 4])],
      attributes: { auto_pad, strides: list(2, 2) },
    }),
  ]),
  [
    'MaxPool',
    one('MaxPool', [2, 3, 8, 9], { attributes: { kernel_shape: list(2, 3), strides: list(2, 2) } }),
  ],
  [
    'MaxPool, ceil',
    one('MaxPool', [1, 2, 8, 9], {
      attributes: { kernel_shape: list(3, 3), strides: list(2, 2), ceil_mode: 1, ...pads(1, 1, 1, 1) },
    }),
  ],
  [
    'MaxPool, dilated',
    one('MaxPool', [1, 2, 8, 9], { attributes: { kernel_shape: list(2, 2), dilations: list(2, 3) } }),
  ],
  ['MaxPool, 1-D', one('MaxPool', [2, 3, 10], { attributes: { kernel_shape: list(3), strides: list(3) } })],
  ...[0, 1].flatMap(count_include_pad =>
    [0, 1].map((ceil_mode): [string, Operator] => [
      `AveragePool, padding ${count_include_pad}, ceil ${ceil_mode}`,
      one('AveragePool', [1, 2, 8, 9], {
        attributes: {
          kernel_shape: list(3, 3),
          strides: list(2, 2),
          count_include_pad,
          ceil_mode,
          ...pads(1, 1, 1, 1),
        },
        opset: 19,
      }),
    ]),
  ),
  ['LpPool', one('LpPool', [1, 2, 8, 9], { attributes: { kernel_shape: list(2, 2), p: 3 } })],
  ['GlobalAveragePool', one('GlobalAveragePool', [2, 3, 4, 5])],
  ['GlobalMaxPool', one('GlobalMaxPool', [2, 3, 4, 5])],
  [
    'BatchNormalization',
    one('BatchNormalization', [2, 3, 4, 5], {
      constants: [
        weights('scale', [3]),
        weights('bias', [3], 3),
        weights('mean', [3], 4),
        floats('variance', [3], Float32Array.of(0.5, 1, 2)),
      ],
    }),
  ],
  [
    'InstanceNormalization',
    one('InstanceNormalization', [2, 3, 4, 5], { constants: [weights('s', [3]), weights('b', [3])] }),
  ],
  [
    'LayerNormalization',
    one('LayerNormalization', [2, 3, 8], { constants: [weights('s', [8]), weights('b', [8])] }),
  ],
  [
    'LayerNormalization over two axes',
    one('LayerNormalization', [2, 3, 8], { constants: [weights('s', [3, 8])], attributes: { axis: 1 } }),
  ],
  ['LSTM', recurrent('LSTM', 4)],
  ['LSTM, reverse', recurrent('LSTM', 4, { attributes: { direction: 'reverse' } })],
  ['LSTM, both ways', recurrent('LSTM', 4, { attributes: { direction: 'bidirectional' }, directions: 2 })],
  [
    'LSTM, with states and peepholes',
    recurrent('LSTM', 4, {
      inputs: ['', 'h0', 'c0', 'p'],
      constants: [weights('h0', [1, 3, 6], 5), weights('c0', [1, 3, 6], 6), weights('p', [1, 18], 7)],
    }),
  ],
  ['LSTM, lengths', recurrent('LSTM', 4, { inputs: ['lengths'], constants: [int32s('lengths', [5, 2, 1])] })],
  [
    'LSTM, lengths, both ways',
    recurrent('LSTM', 4, {
      attributes: { direction: 'bidirectional' },
      directions: 2,
      inputs: ['lengths'],
      constants: [int32s('lengths', [4, 5, 1])],
    }),
  ],
  ['LSTM, clipped and coupled', recurrent('LSTM', 4, { attributes: { clip: 0.5, input_forget: 1 } })],
  ['GRU', recurrent('GRU', 3)],
  ['GRU, linear before reset', recurrent('GRU', 3, { attributes: { linear_before_reset: 1 } })],
  ['GRU, both ways', recurrent('GRU', 3, { attributes: { direction: 'bidirectional' }, directions: 2 })],
  ['RNN', recurrent('RNN', 1)],
  ['RNN, Relu', recurrent('RNN', 1, { attributes: { activations: ['Relu'] } })],
  ...[
    'LeakyRelu',
    'Elu',
    'Celu',
    'Selu',
    'ThresholdedRelu',
    'HardSigmoid',
    'Softplus',
    'Softsign',
    'HardSwish',
    'Mish',
  ].map((operator): [string, Operator] => [operator, one(operator, [4, 33], { opset: 18 })]),
  ['PRelu', one('PRelu', [2, 3, 4, 5], { constants: [weights('s', [3, 1, 1])] })],
  [
    'Dropout',
    { ...one('Dropout', [4, 5]), nodes: [node('Dropout', ['x'], ['d']), node('Relu', ['d'], ['y'])] },
  ],
  [
    'DynamicQuantizeLinear, MatMulInteger',
    {
      nodes: [
        node('DynamicQuantizeLinear', ['x'], ['q', 'scale', 'zero']),
        node('MatMulInteger', ['q', 'w', 'zero', 'wz'], ['y']),
      ],
      inputs: { x: [3, 9] },
      constants: [int8s('w', [9, 5]), int8s('wz', [])],
      outputs: ['q', 'scale', 'zero', 'y'],
    },
  ],
  ...quantizedNets,
  [
    'QuantizeLinear, DequantizeLinear by axis',
    {
      nodes: [
        node('QuantizeLinear', ['x', 's', 'z'], ['q'], { axis: 1 }),
        node('DequantizeLinear', ['q', 's', 'z'], ['y'], { axis: 1 }),
      ],
      inputs: { x: [2, 3, 4] },
      constants: [floats('s', [3], Float32Array.of(0.05, 0.1, 0.25)), int8s('z', [3])],
      outputs: ['q', 'y'],
    },
  ],
  ...['half_pixel', 'pytorch_half_pixel', 'align_corners', 'asymmetric'].flatMap(mode =>
    ['nearest', 'linear'].flatMap((way): [string, Operator][] => [
      [
        `Resize, ${way}, ${mode}, larger`,
        resized([1, 2, 5, 7], { mode: way, coordinate_transformation_mode: mode }, scales(1, 1, 1.7, 2)),
      ],
      [
        `Resize, ${way}, ${mode}, to sizes`,
        resized(
          [1, 2, 9, 7],
          { mode: way, coordinate_transformation_mode: mode },
          ints('sizes', [1, 2, 4, 5]),
        ),
      ],
    ]),
  ),
  ...['floor', 'ceil', 'round_prefer_ceil'].map((nearest_mode): [string, Operator] => [
    `Resize, ${nearest_mode}`,
    resized(
      [1, 1, 6, 4],
      { nearest_mode, coordinate_transformation_mode: 'asymmetric' },
      scales(1, 1, 0.5, 2.5),
    ),
  ]),
  [
    'Upsample',
    one('Upsample', [1, 2, 3, 4], {
      constants: [scales(1, 1, 2, 3)],
      attributes: { mode: 'nearest' },
      opset: 9,
    }),
  ],
];
