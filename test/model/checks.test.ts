import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { findObstacles } from '../../lib/model/checks.ts';
import { inlineFunctions } from '../../lib/model/compile/inline-functions.ts';
import { explainEngineError } from '../../lib/model/engine-errors.ts';
import {
  type FunctionProto,
  FunctionProtoSchema,
  type NodeProto,
  SparseTensorProtoSchema,
  TensorProtoSchema,
} from '../../lib/model/onnx_pb.ts';
import { graph, mapSequenceType, model, node, tensorType, value } from './build-model.ts';
import { branching, classifier, dense } from './specimens.ts';

const float = (name: string) => value(name, tensorType('FLOAT', ['N']));
const opsets = { '': 17, 'ai.onnx.ml': 3, my: 1 };
/** A model from x to y. */
const of = (nodes: NodeProto[], opset: Record<string, number> = opsets) =>
  model(graph({ node: nodes, input: [float('x')], output: [float('y')] }), opset);
const body = (name: string, calls: string[]): FunctionProto =>
  create(FunctionProtoSchema, {
    name,
    domain: 'my',
    input: ['a'],
    output: ['b'],
    node: calls.map((call, index) => node(call, ['a'], [index === 0 ? 'b' : `b${index}`])),
  });
const withFunctions = (functions: FunctionProto[]) =>
  model(graph({ node: [node('my.f0', ['x'], ['y'])], input: [float('x')], output: [float('y')] }), opsets, {
    functions,
  });
const bomb = Array.from({ length: 10 }, (_, level) =>
  body(`f${level}`, Array(10).fill(level === 9 ? 'Relu' : `my.f${level + 1}`)),
);
const constant = (parts: object) => {
  const main = graph({ node: [node('Add', ['x', 'w'], ['y'])], input: [float('x')], output: [float('y')] });
  main.initializer = [create(TensorProtoSchema, { name: 'w', dims: [2n], dataType: 1, ...parts })];
  return model(main);
};
const sparse = (size: bigint) => {
  const values = create(TensorProtoSchema, {
    name: 'w',
    dims: [1n],
    dataType: 1,
    rawData: new Uint8Array(4),
  });
  const indices = create(TensorProtoSchema, { dims: [1n], dataType: 7, rawData: new Uint8Array(8) });
  const proto = constant({ rawData: new Uint8Array(8) });
  proto.graph!.sparseInitializer = [create(SparseTensorProtoSchema, { values, indices, dims: [size] })];
  return proto;
};
const typed = (type: ReturnType<typeof tensorType> | undefined) =>
  model(
    graph({
      node: [node('Identity', ['x'], ['y'])],
      input: [value('x', type)],
      output: [value('y', tensorType('FLOAT', null))],
    }),
  );

test.each([
  ['branches', branching('FLOAT')],
  ['functions', dense()],
  ['operators out of order', of([node('Relu', ['h'], ['y']), node('Abs', ['x'], ['h'])])],
  ['optional inputs left out', of([node('Clip', ['x', '', 'x'], ['y'])])],
  [
    'a constant as a default of an input',
    (() => {
      const proto = constant({ rawData: new Uint8Array(8) });
      proto.graph!.input.push(float('w'));
      return proto;
    })(),
  ],
])('nothing in the way: %s', (_, proto) => {
  expect(findObstacles(proto)).toEqual([]);
});

test.each([
  ['CUSTOM_OPERATOR', 'my.Own', of([node('my.Own', ['x'], ['y'])])],
  ['TRAINING_OPERATOR', 'Adam', of([node('ai.onnx.preview.training.Adam', ['x'], ['y'])])],
  ['OPSET_UNSUPPORTED', '999', of([node('Relu', ['x'], ['y'])], { '': 999 })],
  ['OPSET_MISSING', 'opset', of([node('Relu', ['x'], ['y'])], {})],
  ['INPUT_UNSUPPORTED', 'sequence<map<', typed(mapSequenceType('INT64'))],
  ['INPUT_UNSUPPORTED', 'no declared type', typed(undefined)],
  ['INPUT_UNSUPPORTED', 'complex64', typed(tensorType('COMPLEX64', [2]))],
  ['OUTPUT_UNSUPPORTED', 'probabilities', classifier()],
  ['MODEL_INVALID', '"y"', of([node('Relu', ['x'], ['y']), node('Abs', ['x'], ['y'])])],
  ['MODEL_INVALID', '"x"', of([node('Relu', ['y'], ['x'])])],
  ['MODEL_INVALID', '"h"', of([node('Relu', ['h'], ['y'])])],
  ['MODEL_INVALID', 'output "y"', of([node('Relu', ['x'], ['z'])])],
  ['MODEL_INVALID', 'its own output', of([node('Add', ['x', 'h'], ['y']), node('Relu', ['y'], ['h'])])],
  ['MODEL_INVALID', 'Max', of([node('Max', ['x', ''], ['y'])])],
  [
    'MODEL_INVALID',
    'training_mode',
    of([node('BatchNormalization', ['x', 'x', 'x', 'x', 'x'], ['y'], { training_mode: 2 })]),
  ],
  ['MODEL_INVALID', 'heads', of([node('Attention', ['x', 'x', 'x'], ['y'])], { '': 23 })],
  ['MODEL_INVALID', 'calls itself', withFunctions([body('f0', ['my.f1']), body('f1', ['my.f0'])])],
  ['MODEL_TOO_COMPLEX', 'unfold', withFunctions(bomb)],
  ['MODEL_TOO_LARGE', '4,398,046,511,104 bytes', sparse(2n ** 40n)],
  ['MODEL_INVALID', 'no data', constant({ dims: [2n ** 30n] })],
  ['MODEL_INVALID', '4 bytes', constant({ rawData: new Uint8Array(4) })],
  ['MODEL_INVALID', 'shape', constant({ dims: [-2n] })],
  ['MODEL_INVALID', 'unknown type', constant({ dataType: 0 })],
  ['MODEL_INVALID', 'raw bytes', constant({ dataType: 8, rawData: new Uint8Array(8) })],
  ['MODEL_INVALID', 'segments', constant({ rawData: new Uint8Array(8), segment: { begin: 0n, end: 1n } })],
])('%s: %s', (code, part, proto) => {
  const [error] = findObstacles(proto);
  expect(error).toMatchObject({ name: 'ColdpressError', code });
  expect(error!.message).toContain(part);
  expect(error!.hint).not.toBe('');
});

test('the compiler follows no function into itself', () => {
  const functions = [body('f0', ['my.f1']), body('f1', ['Relu', 'my.f0'])];
  expect(() => inlineFunctions(withFunctions(functions))).toThrow(/calls itself/);
});

test('twenty thousand operators are checked, each once', { timeout: 20_000 }, () => {
  const nodes = Array.from({ length: 20_000 }, (_, index) =>
    node('Relu', [index === 0 ? 'x' : `h${index}`], [index === 19_999 ? 'y' : `h${index + 1}`]),
  );
  expect(findObstacles(of(nodes))).toEqual([]);
});

test.each([
  ["Could not find an implementation for TopK(24) node with name ''", 'OPERATOR_UNSUPPORTED', 'TopK'],
  [
    'Load model failed:Fatal error: ai.onnx.preview:FlexAttention(-1) is not a registered function/op',
    'CUSTOM_OPERATOR',
    'FlexAttention',
  ],
  ['Error No Op registered for CastLike with domain_version of 28', 'OPSET_UNSUPPORTED', '28'],
  ['This is an invalid model. In Node, ("n1", Conv, "", -1) : Error', 'MODEL_INVALID', 'Conv "n1"'],
  ['Unsupported data type: 24', 'TYPE_UNSUPPORTED', '24'],
  ['something new', 'MODEL_REFUSED', 'something new'],
  [
    "Non-zero status code returned while running Reshape node. Name:'Reshape' Status Message: " +
      '/onnxruntime_src/onnxruntime/core/providers/cpu/tensor/reshape_helper.h:84 ' +
      'onnxruntime::ReshapeHelper::ReshapeHelper(const onnxruntime::TensorShape&, onnxruntime::TensorShapeVector&, bool) ' +
      'size != 0 && (input_shape_size % size) == 0 was false. The input tensor cannot be reshaped to the requested ' +
      'shape. Input shape:{1,5}, requested shape:{-1,6}\n',
    'MODEL_REFUSED',
    "running Reshape node. Name:'Reshape' Status Message: The input tensor cannot be reshaped to the requested shape. " +
      'Input shape:{1,5}, requested shape:{-1,6}',
  ],
  [
    'Status Message: /core/x.cc:3 onnxruntime::Run() axis < 2 was false.',
    'MODEL_REFUSED',
    'axis < 2 was false.',
  ],
])('the engine says: %s', (message, code, part) => {
  const error = explainEngineError(message);
  expect(error.code).toBe(code);
  expect(error.message).toContain(part);
});
