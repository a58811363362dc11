import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelProto, NodeProto, TensorProto } from '../../../lib/model/onnx_pb.ts';
import type { ElementType } from '../../../lib/model/types.ts';
import { encodeModel } from '../../../lib/model/write.ts';
import { type Dim, floats, graph, ints, model, node, tensorType, value } from '../build-model.ts';

/** Models that are small and differ in what their rows are. `null` is a dimension without a name. */
export type RowModel = keyof typeof rowModels;

type Values = [name: string, shape: Dim[] | null, element?: ElementType][];

function build(
  inputs: Values,
  outputs: Values,
  nodes: NodeProto[],
  initializer: TensorProto[] = [],
): ModelProto {
  const values = (list: Values) =>
    list.map(([name, shape, element = 'FLOAT']) => value(name, tensorType(element, shape)));
  return model(graph({ input: values(inputs), output: values(outputs), node: nodes, initializer }));
}

/** Numbers that differ, of both signs. */
function weights(name: string, ...dims: number[]): TensorProto {
  const length = dims.reduce((product, size) => product * size, 1);
  return floats(
    name,
    dims,
    Float32Array.from({ length }, (_, i) => Math.sin(3 * i + name.length)),
  );
}

/** Of one direction, four features and a hidden state of two. */
const lstmWeights = [weights('w', 1, 8, 4), weights('r', 1, 8, 2)];
const lstm = (input: string, outputs: string[]) =>
  node('LSTM', [input, 'w', 'r'], outputs, { hidden_size: 2 });
const toTime = (from: string, to: string) => node('Transpose', [from], [to], { perm: [1n, 0n, 2n] });

const x: Values = [['x', ['N', 4]]];
const y: Values = [['y', ['N', 4]]];
const unnamed: Values = [['y', [null, 4]]];

export const rowModels = {
  /** A network of one layer: rows that have nothing to do with each other. */
  plain: build(
    x,
    unnamed,
    [node('MatMul', ['x', 'm'], ['z']), node('Softmax', ['z'], ['y'])],
    [weights('m', 4, 4)],
  ),
  /** As scikit-learn's random forest of two targets: [targets, N, classes]. */
  targets: build(
    [['x', [null, 4]]],
    [
      ['label', [null, 2], 'INT64'],
      ['probabilities', [2, null, 3]],
    ],
    [
      node('MatMul', ['x', 'm0'], ['z0']),
      node('MatMul', ['x', 'm1'], ['z1']),
      ...['0', '1'].flatMap(target => [
        node('Softmax', [`z${target}`], [`p${target}`]),
        node('Unsqueeze', [`p${target}`, 'first'], [`u${target}`]),
        node('ArgMax', [`z${target}`], [`l${target}`], { axis: 1, keepdims: 1 }),
      ]),
      node('Concat', ['u0', 'u1'], ['probabilities'], { axis: 0 }),
      node('Concat', ['l0', 'l1'], ['label'], { axis: 1 }),
    ],
    [weights('m0', 4, 3), weights('m1', 4, 3), ints('first', [0])],
  ),
  /** Records first, states and logits as LSTMs have them: [layers, N, hidden], [T, N, classes]. */
  states: build(
    [['x', ['N', 'T', 4]]],
    [
      ['logits', [null, null, 2]],
      ['h', [1, null, 2]],
      ['c', [1, null, 2]],
    ],
    [
      toTime('x', 'steps'),
      lstm('steps', ['all', 'h', 'c']),
      node('Squeeze', ['all', 'directions'], ['logits']),
    ],
    [...lstmWeights, ints('directions', [1])],
  ),
  /** Time first, as the names say. */
  timeFirst: build([['x', ['T', 'B', 4]]], [['h', [1, 'B', 2]]], [lstm('x', ['', 'h'])], lstmWeights),
  /** One record at a time, with an output whose first dimension the export has left open. */
  single: build([['x', [1, 4]]], unnamed, [node('MatMul', ['x', 'm'], ['y'])], [weights('m', 4, 4)]),
  /** Finds as many objects as the image has. */
  detector: build(
    [['image', [1, 2, 4]]],
    [
      ['boxes', ['found', 4]],
      ['scores', ['found']],
    ],
    [
      node('Reshape', ['image', 'form'], ['all']),
      node('ReduceMax', ['all'], ['best'], { axes: [1n], keepdims: 0 }),
      node('Greater', ['best', 'zero'], ['is']),
      node('Compress', ['all', 'is'], ['boxes'], { axis: 0 }),
      node('Compress', ['best', 'is'], ['scores'], { axis: 0 }),
    ],
    [ints('form', [2, 4]), floats('zero', [], Float32Array.of(0))],
  ),
  /** What quantize_dynamic writes: the scale is that of all rows together. */
  dynamicQuantised: build(
    x,
    y,
    [
      node('DynamicQuantizeLinear', ['x'], ['q', 'scale', 'zero']),
      node('DequantizeLinear', ['q', 'scale', 'zero'], ['z']),
      node('MatMul', ['z', 'm'], ['y']),
    ],
    [weights('m', 4, 4)],
  ),
  centred: build(x, unnamed, [
    node('ReduceMean', ['x'], ['mean'], { axes: [0n] }),
    node('Sub', ['x', 'mean'], ['y']),
  ]),
  softmaxOfRows: build(x, y, [node('Softmax', ['x'], ['y'], { axis: 0 })]),
  cumulated: build(x, y, [node('CumSum', ['x', 'axis'], ['y'])], [ints('axis', [0], [])]),
  /** The largest of all rows shows only between one billion and two. */
  hidden: build(
    x,
    y,
    [
      node('ReduceMax', ['x'], ['most'], { axes: [0n] }),
      node('Greater', ['most', 'one'], ['isMore']),
      node('Less', ['most', 'two'], ['isLess']),
      node('And', ['isMore', 'isLess'], ['is']),
      node('Cast', ['is'], ['number'], { to: 1 }),
      node('Add', ['x', 'number'], ['y']),
    ],
    [floats('one', [], Float32Array.of(1e9)), floats('two', [], Float32Array.of(2e9))],
  ),
  /** One number for the whole run beside one row for each record. */
  total: build(
    x,
    [
      ['y', ['N', 4]],
      ['sum', []],
    ],
    [node('Identity', ['x'], ['y']), node('ReduceSum', ['x'], ['sum'], { keepdims: 0 })],
  ),
  noise: build(x, y, [node('RandomNormalLike', ['x'], ['n']), node('Add', ['x', 'n'], ['y'])]),
  ranked: build(
    x,
    [
      ['best', ['N', 2]],
      ['classes', ['N', 2], 'INT64'],
    ],
    [node('TopK', ['x', 'two'], ['best', 'classes'])],
    [ints('two', [2])],
  ),
} as const satisfies Record<string, ModelProto>;

/** Writes one of the models. */
export function writeRowModel(name: RowModel, dir: string): string {
  const path = join(dir, `${name}.onnx`);
  writeFileSync(path, Buffer.concat(encodeModel(rowModels[name])));
  return path;
}
