import { expect, test } from 'vitest';
import type { NodeProto, TensorProto } from '../../../lib/model/onnx_pb.ts';
import { findMixing } from '../../../lib/model/rows/mixing.ts';
import { type Dim, floats, graph, ints, model, node, tensorType, value } from '../build-model.ts';

/** A branch of a node, or the body of a loop. */
const body = (inputs: string[], nodes: NodeProto[], outputs: string[]) =>
  graph({
    input: inputs.map(name => value(name, undefined)),
    node: nodes,
    output: outputs.map(name => value(name, undefined)),
  });

/** Squared distances of one record to points that are known, as scikit-learn's neighbours have it. */
const distances = (state: string[]) =>
  body(
    [...state, 'record'],
    [node('Sub', ['points', 'record'], ['d']), node('ReduceSumSquare', ['d'], ['s'], { axes: [1n] })],
    [...state, 's'],
  );

const then = body([], [node('Identity', ['x'], ['a'])], ['a']);

interface Case {
  name: string;
  nodes: NodeProto[];
  /** The shape of x, whose records are counted by N. Default: [N, 4]. */
  shape?: Dim[];
  constants?: TensorProto[];
  opset?: number;
  mixes: string | undefined;
}

const cases: Case[] = [
  { name: 'a sum over columns', nodes: [node('ReduceSum', ['x', 'last'], ['y'])], mixes: undefined },
  { name: 'a sum over records', nodes: [node('ReduceSum', ['x', 'first'], ['y'])], mixes: 'ReduceSum' },
  { name: 'a sum over all', nodes: [node('ReduceSum', ['x'], ['y'])], mixes: 'ReduceSum' },
  {
    name: 'a sum over nothing',
    nodes: [node('ReduceSum', ['x'], ['y'], { noop_with_empty_axes: 1 })],
    mixes: undefined,
  },
  { name: 'softmax of columns', nodes: [node('Softmax', ['x'], ['y'])], mixes: undefined },
  { name: 'softmax of records', nodes: [node('Softmax', ['x'], ['y'], { axis: 0 })], mixes: 'Softmax' },
  {
    name: 'softmax of all from the first dimension on, as before opset 13',
    nodes: [node('Softmax', ['x'], ['y'], { axis: 1 })],
    shape: [3, 'N', 4],
    opset: 11,
    mixes: 'Softmax',
  },
  {
    name: 'dynamic quantisation',
    nodes: [node('DynamicQuantizeLinear', ['x'], ['y', 's', 'z'])],
    mixes: 'DynamicQuantizeLinear',
  },
  {
    name: 'dynamic quantisation of weights',
    nodes: [node('DynamicQuantizeLinear', ['points'], ['q', 's', 'z']), node('Relu', ['x'], ['y'])],
    mixes: undefined,
  },
  { name: 'the largest of columns', nodes: [node('TopK', ['x', 'last'], ['y', 'i'])], mixes: undefined },
  {
    name: 'the largest of records',
    nodes: [node('TopK', ['x', 'last'], ['y', 'i'], { axis: 0 })],
    mixes: 'TopK',
  },
  { name: 'cumulated records', nodes: [node('CumSum', ['x', 'first'], ['y'])], mixes: 'CumSum' },
  { name: 'cumulated columns', nodes: [node('CumSum', ['x', 'last'], ['y'])], mixes: undefined },
  {
    name: 'normalised over records, by default',
    nodes: [node('MeanVarianceNormalization', ['x'], ['y'])],
    shape: ['N', 3, 2, 2],
    mixes: 'MeanVarianceNormalization',
  },
  { name: 'all that are not zero', nodes: [node('Unique', ['x'], ['y'])], mixes: 'Unique' },
  {
    name: 'records by time, along time',
    nodes: [node('LSTM', ['x', 'w', 'r'], ['', 'y'])],
    shape: ['N', 3, 4],
    mixes: 'LSTM',
  },
  {
    name: 'time by records',
    nodes: [node('LSTM', ['x', 'w', 'r'], ['', 'y'])],
    shape: [3, 'N', 4],
    mixes: undefined,
  },
  {
    name: 'a sum over records that were moved',
    nodes: [node('Transpose', ['x'], ['t']), node('ReduceSum', ['t', 'last'], ['y'])],
    mixes: 'ReduceSum',
  },
  {
    name: 'a mean over trees, [trees, N, classes]',
    nodes: [
      node('Reshape', ['x', 'tree'], ['a']),
      node('Concat', ['a', 'a'], ['all'], { axis: 0 }),
      node('ReduceMean', ['all'], ['y'], { axes: [0n] }),
    ],
    mixes: undefined,
  },
  {
    name: 'records multiplied by each other',
    nodes: [node('Gemm', ['x', 'x'], ['y'], { transA: 1 })],
    mixes: 'Gemm',
  },
  {
    name: 'an equation that sums over records',
    nodes: [node('Einsum', ['x', 'points'], ['y'], { equation: 'nf,pf->p' })],
    mixes: 'Einsum',
  },
  {
    name: 'an equation that keeps them',
    nodes: [node('Einsum', ['x', 'points'], ['y'], { equation: 'nf,pf->np' })],
    mixes: undefined,
  },
  {
    name: 'a branch on what records say',
    nodes: [node('If', ['x'], ['y'], { then_branch: then, else_branch: then })],
    shape: ['N'],
    mixes: 'If',
  },
  {
    name: 'a sum over all in a branch',
    nodes: [
      node('If', ['flag'], ['y'], {
        then_branch: body([], [node('ReduceMax', ['x'], ['a'])], ['a']),
        else_branch: then,
      }),
    ],
    mixes: 'ReduceMax',
  },
  {
    name: 'a turn for each record',
    nodes: [node('Scan', ['x'], ['y'], { body: distances([]), num_scan_inputs: 1 })],
    mixes: undefined,
  },
  {
    name: 'a turn for each record that hands on what it has read',
    nodes: [
      node('Scan', ['points', 'x'], ['last', 'y'], {
        body: body(['state', 'record'], [node('Add', ['state', 'record'], ['next'])], ['next', 'next']),
        num_scan_inputs: 1,
      }),
    ],
    mixes: 'Scan',
  },
  {
    name: 'the size of the batch',
    nodes: [node('Shape', ['x'], ['n']), node('ReduceMax', ['n'], ['y'])],
    mixes: undefined,
  },
];

test.each(cases)('$name: $mixes', ({ nodes, shape = ['N', 4], constants = [], opset = 17, mixes }) => {
  const proto = model(
    graph({
      input: [value('x', tensorType('FLOAT', shape))],
      output: [value('y', undefined)],
      node: nodes,
      initializer: [
        ...constants,
        ints('first', [0]),
        ints('last', [-1]),
        ints('tree', [1, -1, 4]),
        floats('points', [5, 4], new Float32Array(20)),
      ],
    }),
    { '': opset },
  );
  const axis = shape.indexOf('N');
  const x = { name: 'x', datatype: 'FP32' as const, shape: shape as (number | string)[], rowAxis: axis };
  expect(findMixing(proto, [x])).toBe(mixes);
});
