import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { engineNameOf } from '../../lib/contract/manifest.ts';
import { getAttribute } from '../../lib/model/attributes.ts';
import { findObstacles } from '../../lib/model/checks.ts';
import {
  type ModelProto,
  TensorProto_DataType,
  type TypeProto,
  TypeProtoSchema,
} from '../../lib/model/onnx_pb.ts';
import { rewriteModel } from '../../lib/model/passes/index.ts';
import { decodeModel } from '../../lib/model/read.ts';
import { renameInside } from '../../lib/model/rename.ts';
import { modelSignature, toManifestSignature } from '../../lib/model/signature.ts';
import type { ElementType } from '../../lib/model/types.ts';
import { encodeModel } from '../../lib/model/write.ts';
import { graph, mapSequenceType, model, node, tensorType, value } from './build-model.ts';
import { branching, classifier, doubleClassifier } from './specimens.ts';

function rewrite(proto: ModelProto) {
  const original = decodeModel(Buffer.concat(encodeModel(proto)), 'model.onnx');
  const before = encodeModel(original.proto).map(piece => Uint8Array.from(piece));
  const rewriting = rewriteModel(original);
  const { model: rewritten, applied, env } = rewriting;
  // The model given stays as it was; what comes out can be written, read and has nothing wrong in its structure.
  expect(encodeModel(original.proto).map(piece => Uint8Array.from(piece))).toEqual(before);
  const main = decodeModel(Buffer.concat(encodeModel(rewritten.proto)), 'rewritten.onnx').proto.graph!;
  const { signature } = toManifestSignature(modelSignature(rewritten), rewriting);
  return {
    original,
    rewritten,
    names: applied.map(({ name }) => name),
    env,
    signature,
    main,
    obstacles: findObstacles(rewritten.proto),
  };
}

const operators = (main: { node: { opType: string }[] }) => main.node.map(({ opType }) => opType);

test('a model that needs nothing stays the same object', () => {
  const { original, rewritten, names } = rewrite(branching('FLOAT'));
  expect(rewritten).toBe(original);
  expect(names).toEqual([]);
});

test.each([
  ['texts', { classlabels_strings: ['no', 'yes'] }, ['no', 'yes']],
  ['numbers', { classlabels_int64s: [0n, 7n] }, [0, 7]],
  ['numbers beyond 2^53', { classlabels_int64s: [2n ** 60n, 1n] }, ['1152921504606846976', 1]],
])('ZipMap becomes a tensor with columns named by %s', (_, attributes, labels) => {
  const { signature, names, obstacles } = rewrite(classifier(attributes as Record<string, string[]>));
  expect(names).toEqual(['zip-map']);
  expect(signature.outputs).toMatchObject([
    { name: 'label', datatype: 'INT64', shape: ['N'] },
    { name: 'probabilities', datatype: 'FP32', shape: ['N', 2], labels },
  ]);
  expect(obstacles).toEqual([]);
});

function sequenceOf(element: ReturnType<typeof tensorType>): TypeProto {
  return create(TypeProtoSchema, { value: { case: 'sequenceType', value: { elemType: element } } });
}

test('a sequence that SequenceConstruct makes is returned tensor by tensor', () => {
  const proto = model(
    graph({
      node: [node('Neg', ['x'], ['s_0']), node('SequenceConstruct', ['x', 's_0'], ['s'])],
      input: [value('x', tensorType('FLOAT', ['N', 3]))],
      output: [value('s', sequenceOf(tensorType('FLOAT', ['N', 3])))],
    }),
    { '': 17 },
  );
  const { signature, names, obstacles } = rewrite(proto);
  expect(names).toEqual(['sequence-outputs']);
  expect(signature.outputs.map(({ name, shape }) => [name, shape])).toEqual([
    ['s_0_', ['N', 3]],
    ['s_1', ['N', 3]],
  ]);
  expect(obstacles).toEqual([]);
});

test('a dictionary for DictVectorizer is taken as the row that it makes', () => {
  const valueType = tensorType('FLOAT', []);
  const proto = model(
    graph({
      node: [node('ai.onnx.ml.DictVectorizer', ['d'], ['y'], { string_vocabulary: ['a', 'b', 'c'] })],
      input: [
        value(
          'd',
          create(TypeProtoSchema, {
            value: { case: 'mapType', value: { keyType: TensorProto_DataType.STRING, valueType } },
          }),
        ),
      ],
      output: [value('y', tensorType('FLOAT', [1, 3]))],
    }),
    { '': 17, 'ai.onnx.ml': 1 },
  );
  const { signature, names, obstacles, main } = rewrite(proto);
  expect(names).toEqual(['dictionary-inputs']);
  expect(signature.inputs).toMatchObject([{ name: 'd', datatype: 'FP32', shape: [1, 3] }]);
  expect(operators(main)).toEqual(['Identity']);
  expect(obstacles).toEqual([]);
});

test('ZipMap behind Identity, and its input used elsewhere', () => {
  const proto = classifier();
  const main = proto.graph!;
  main.node[1]!.output = ['zipped'];
  main.node.push(node('Identity', ['zipped'], ['probabilities']), node('Abs', ['scores'], ['magnitudes']));
  main.output.push(value('magnitudes', tensorType('FLOAT', ['N', 2])));
  main.valueInfo.push(
    value('zipped', mapSequenceType('STRING')),
    value('scores', tensorType('FLOAT', [null, 2])),
  );
  const { signature, main: after } = rewrite(proto);
  expect(signature.outputs.map(({ name, shape }) => [name, shape])).toEqual([
    ['label', ['N']],
    ['probabilities', [-1, 2]],
    ['magnitudes', ['N', 2]],
  ]);
  expect(after.valueInfo.map(({ name }) => name)).toEqual(['scores']);
});

test.each<[string, ReturnType<typeof node>[]]>([
  ['what softmax gives', [node('Softmax', ['x'], ['scores'])]],
  [
    'what a row of operators gives',
    [node('Exp', ['x'], ['e']), node('ReduceMax', ['e'], ['m']), node('Div', ['e', 'm'], ['scores'])],
  ],
])('the tensor of ZipMap has the type of %s', (_, nodes) => {
  const { signature, obstacles } = rewrite(doubleClassifier(nodes));
  expect(signature.outputs).toMatchObject([{ datatype: 'FP64', shape: ['N', 2], labels: [0, 1] }]);
  expect(obstacles).toEqual([]);
});

test('a type of ZipMap’s tensor that only the engine knows is asked of the engine', () => {
  const proto = doubleClassifier([node('my.Scores', ['x'], ['scores'])]);
  expect(
    findObstacles(rewriteModel(decodeModel(Buffer.concat(encodeModel(proto)), 'm.onnx')).model.proto),
  ).toEqual(expect.arrayContaining([expect.objectContaining({ code: 'OUTPUT_UNTYPED' })]));
});

test('two ZipMaps, and one whose dictionaries are used', () => {
  const proto = classifier();
  const main = proto.graph!;
  const zip = () => ({ classlabels_strings: ['a', 'b'] });
  main.node.push(
    node('ai.onnx.ml.ZipMap', ['scores'], ['again'], zip()),
    node('ai.onnx.ml.ZipMap', ['scores'], ['used'], zip()),
    node('SequenceAt', ['used', 'label'], ['first']),
  );
  main.output.push(value('again', mapSequenceType('STRING')), value('used', mapSequenceType('STRING')));
  const { main: after, obstacles } = rewrite(proto);
  expect(operators(after)).toEqual(['LinearClassifier', 'Identity', 'Identity', 'ZipMap', 'SequenceAt']);
  expect(obstacles.map(({ code }) => code)).toEqual(['OUTPUT_UNSUPPORTED']);
});

test('a model without any operator of ONNX imports them for what is added', () => {
  const proto = classifier();
  proto.opsetImport = proto.opsetImport.filter(({ domain }) => domain !== '');
  expect(rewrite(proto).rewritten.proto.opsetImport).toHaveLength(2);
});

test.each<[ElementType, number, string]>([
  ['BFLOAT16', 17, 'FP32'],
  ['FLOAT8E4M3FN', 19, 'FP32'],
  ['FLOAT8E4M3FNUZ', 19, 'FP32'],
  ['FLOAT8E5M2', 19, 'FP32'],
  ['FLOAT8E5M2FNUZ', 19, 'FP32'],
  ['FLOAT8E8M0', 24, 'FP32'],
  ['INT4', 21, 'INT8'],
  ['UINT4', 21, 'UINT8'],
  ['INT2', 25, 'INT8'],
  ['UINT2', 25, 'UINT8'],
])('%s at the edges is cast', (element, opset, datatype) => {
  const type = () => tensorType(element, ['N', 2]);
  const proto = model(
    graph({
      node: [node('Identity', ['x'], ['y']), node('Identity', ['y'], ['z'])],
      input: [value('x', type())],
      output: [value('y', type()), value('z', type()), value('y', type())],
    }),
    { '': opset },
  );
  const { signature, main, names, obstacles } = rewrite(proto);
  expect(names).toEqual(['edge-casts']);
  expect([...signature.inputs, ...signature.outputs].map(spec => spec.datatype)).toEqual(
    Array(4).fill(datatype),
  );
  expect(operators(main)).toEqual(['Cast', 'Identity', 'Identity', 'Cast', 'Cast']);
  expect(obstacles.map(({ code }) => code)).toEqual([]);
});

test('a Cast reaches into branches, and what only passes through needs none behind it', () => {
  const proto = branching('BFLOAT16');
  proto.graph!.output.push(value('x', tensorType('BFLOAT16', [2])));
  const { main, signature, obstacles } = rewrite(proto);
  expect(operators(main)).toEqual(['Cast', 'If', 'Cast']);
  expect(getAttribute(main.node[1]!, 'then_branch')!.g!.node[0]!.input).toEqual(['x/coldpress']);
  expect(signature.outputs.map(({ name, datatype }) => [name, datatype])).toEqual([
    ['y', 'FP32'],
    ['x', 'FP32'],
  ]);
  expect(obstacles).toEqual([]);
});

test('a name of ours that is taken', () => {
  const proto = branching('BFLOAT16');
  proto.graph!.node.push(node('Identity', ['y'], ['y/coldpress']));
  expect(rewrite(proto).obstacles).toEqual([]);
});

test.each([
  ['into Cast', [node('Cast', ['x'], ['y'], { to: 1 })], ['float4-inputs'], []],
  ['anywhere else', [node('Abs', ['x'], ['y'])], [], ['INPUT_UNSUPPORTED']],
])('FLOAT4E2M1 %s', (_, nodes, applied, codes) => {
  const output = [value('y', tensorType('FLOAT', [2]))];
  const proto = model(graph({ node: nodes, input: [value('x', tensorType('FLOAT4E2M1', [2]))], output }), {
    '': 25,
  });
  const { names, obstacles } = rewrite(proto);
  expect(names).toEqual(applied);
  expect(obstacles.map(({ code }) => code)).toEqual(codes);
});

test.each([
  ['none', {}, 'C.UTF-8'],
  ['the usual', { locale: 'en_US.UTF-8' }, 'C.UTF-8'],
  ['one with rules of its own', { locale: 'tr_TR.UTF-8' }, 'tr_TR.UTF-8'],
])('StringNormalizer with a locale: %s', (_, attributes, locale) => {
  const normalizer = node('StringNormalizer', ['x'], ['y'], { case_change_action: 'LOWER', ...attributes });
  const edge = (name: string) => [value(name, tensorType('STRING', ['N']))];
  const { main } = rewrite(model(graph({ node: [normalizer], input: edge('x'), output: edge('y') })));
  expect(Buffer.from(getAttribute(main.node[0]!, 'locale')!.s).toString()).toBe(locale);
});

test.each([
  ['operators as in 26', 27, 'Relu', 26, {}, []],
  ['an operator of 27', 27, 'Range', 27, { ALLOW_RELEASED_ONNX_OPSET_ONLY: '0' }, []],
  ['an operator of 27', 28, 'Range', 27, { ALLOW_RELEASED_ONNX_OPSET_ONLY: '0' }, []],
  ['an operator of 28, taken apart', 28, 'SwiGLU', 26, {}, []],
  ['one that nobody knows', 29, 'Relu', 29, {}, ['OPSET_UNSUPPORTED']],
])('a preview opset: %s', (_, opset, operator, after, env, codes) => {
  const edge = (name: string) => [value(name, tensorType('FLOAT', ['N']))];
  const proto = model(graph({ node: [node(operator, ['x'], ['y'])], input: edge('x'), output: edge('y') }), {
    '': opset,
  });
  const result = rewrite(proto);
  expect(result.rewritten.proto.opsetImport[0]!.version).toBe(BigInt(after));
  expect(result.env).toEqual(env);
  expect(result.obstacles.map(({ code }) => code)).toEqual(codes);
});

test('names that do not pass the binding are others to the engine, in branches too', () => {
  const proto = branching('FLOAT');
  const names = new Map([
    ['x', 'a\0b'],
    ['y', '__proto__'],
  ]);
  proto.graph!.output.push(value('x', tensorType('FLOAT', [2])));
  renameInside(proto.graph!, names);
  for (const edge of [...proto.graph!.input, ...proto.graph!.output]) {
    edge.name = names.get(edge.name) ?? edge.name;
  }
  const result = rewrite(proto);
  expect(result.names).toEqual(['engine-names']);
  expect(result.signature.inputs.map(spec => [spec.name, engineNameOf(spec)])).toEqual([
    ['c', 'c'],
    ['a\0b', 'coldpress/value_0'],
  ]);
  expect(result.signature.outputs.map(spec => [spec.name, engineNameOf(spec)])).toEqual([
    ['__proto__', 'coldpress/value_1'],
    ['a\0b', 'coldpress/value_0'],
  ]);
  expect(getAttribute(result.main.node[0]!, 'then_branch')!.g!.node[0]!.input).toEqual(['coldpress/value_0']);
  expect(result.obstacles).toEqual([]);
});

test('no opset is the first one before IR version 3, and an error after', () => {
  const proto = branching('FLOAT');
  proto.opsetImport = [];
  expect(rewrite(proto).obstacles.map(({ code }) => code)).toEqual(['OPSET_MISSING']);
  proto.irVersion = 2n;
  expect(rewrite(proto).names).toEqual(['implicit-opset']);
});
