import { expect, test } from 'vitest';
import { toFloat16Bits } from '../../../lib/contract/float16.ts';
import {
  type NodeProto,
  type TensorProto,
  TensorProto_DataType as Type,
} from '../../../lib/model/onnx_pb.ts';
import { graph, ints, node, tensorType, value } from '../build-model.ts';
import { difference, type Operator } from './answers.ts';
import { netCases } from './net-cases.ts';

/** A constant of float32 in half the bits. */
function halve(constant: TensorProto): TensorProto {
  if (constant.dataType !== Type.FLOAT) {
    return constant;
  }
  const numbers = new Float32Array(constant.rawData.slice().buffer);
  const bits = Uint16Array.from(numbers, number => toFloat16Bits(number));
  return { ...constant, dataType: Type.FLOAT16, rawData: new Uint8Array(bits.buffer) };
}

function half({ inputs, constants = [], ...rest }: Operator): Operator {
  const types = Object.fromEntries(Object.keys(inputs).map(name => [name, 'float16' as const]));
  return { ...rest, inputs, types, constants: constants.map(halve) };
}

const nets = [
  'MatMul',
  'Gemm',
  'Gemm, a matrix of torch',
  'Conv, padded',
  'Conv, depthwise',
  'MaxPool, ceil',
  'GlobalAveragePool',
  'BatchNormalization',
  'LayerNormalization',
  'LSTM, both ways',
  'GRU',
  'PRelu',
];

test.each(netCases.filter(([name]) => nets.includes(name)))('%s', (_name, operator) => {
  const { isClose, text } = difference(half(operator));
  expect(isClose, text).toBe(true);
});

const invert = (from: string, to: string) => node('Reciprocal', [from], [to]);
const branch = (nodes: NodeProto[], output: string) =>
  graph({ node: nodes, output: [value(output, tensorType('FLOAT16', null))] });

/** Where ONNX Runtime rounds between operators, and where not: Reciprocal has no kernel for float16, Transpose and Round do. */
const chains: [name: string, nodes: NodeProto[], outputs: string[]][] = [
  ['nothing is rounded between', [invert('x', 'a'), invert('a', 'b'), invert('b', 'y')], ['y']],
  ['an output between is', [invert('x', 'a'), invert('a', 'b'), invert('b', 'y')], ['y', 'a']],
  ['one that moves', [invert('x', 'a'), node('Transpose', ['a'], ['b']), invert('b', 'y')], ['y']],
  [
    'several that move',
    [invert('x', 'a'), node('Transpose', ['a'], ['b']), node('Reshape', ['b', 'k'], ['c']), invert('c', 'y')],
    ['y'],
  ],
  [
    'one that moves, read by another',
    [invert('x', 'a'), node('Transpose', ['a'], ['b']), node('Reshape', ['b', 'k'], ['y']), invert('b', 'z')],
    ['y', 'z'],
  ],
  ['one that rounds', [invert('x', 'a'), node('Sign', ['a'], ['b']), node('Clip', ['b'], ['y'])], ['y']],
  ['one that joins', [invert('x', 'a'), node('Max', ['a', 'x'], ['b']), invert('b', 'y')], ['y']],
  ['cast to float32', [invert('x', 'a'), node('Cast', ['a'], ['b'], { to: 1 }), invert('b', 'y')], ['y']],
  ['cast to float32, an output', [invert('x', 'a'), node('Cast', ['a'], ['y'], { to: 1 })], ['y', 'a']],
  ['cast to float64', [invert('x', 'a'), node('Cast', ['a'], ['y'], { to: 11 })], ['y']],
  [
    'cast there and back',
    [
      node('Cast', ['x'], ['a'], { to: 1 }),
      invert('a', 'b'),
      node('Cast', ['b'], ['c'], { to: 10 }),
      invert('c', 'y'),
    ],
    ['y'],
  ],
  [
    'a branch',
    [
      invert('x', 'a'),
      node('ReduceMax', ['x'], ['m'], { keepdims: 0 }),
      node('Cast', ['m'], ['c'], { to: 9 }),
      node('If', ['c'], ['y'], {
        then_branch: branch([invert('a', 'u'), invert('u', 'v')], 'v'),
        else_branch: branch([node('Identity', ['a'], ['w'])], 'w'),
      }),
    ],
    ['y'],
  ],
];

test.each(chains)('%s', (_name, nodes, outputs) => {
  const { isEqual, text } = difference({
    nodes,
    inputs: { x: [3, 5] },
    types: { x: 'float16' },
    constants: [ints('k', [5, 3])],
    outputs,
    opset: 20,
  });
  expect(isEqual, text).toBe(true);
});
