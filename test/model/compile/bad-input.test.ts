import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Datatype } from '../../../lib/contract/datatypes.ts';
import { compileModel } from '../../../lib/model/compile/compile.ts';
import type { NodeProto } from '../../../lib/model/onnx_pb.ts';
import { rewriteModel } from '../../../lib/model/passes/index.ts';
import { decodeModel, type OnnxModel } from '../../../lib/model/read.ts';
import { modelSignature, toManifestSignature } from '../../../lib/model/signature.ts';
import type { ElementType } from '../../../lib/model/types.ts';
import { encodeModel, writeModel } from '../../../lib/model/write.ts';
import { openProgram } from '../../../lib/runtime/engine/compiled/open-program.ts';
import { explaining } from '../../../lib/runtime/engine/onnxruntime/explain.ts';
import { findEngine } from '../../../lib/runtime/engine/onnxruntime/find.ts';
import { loadEngine, openSession } from '../../../lib/runtime/engine/onnxruntime/session.ts';
import type { Session } from '../../../lib/runtime/engine/session.ts';
import { RequestError } from '../../../lib/runtime/errors.ts';
import { decodeRequest, runDecoded } from '../../../lib/runtime/infer.ts';
import type { InferInput } from '../../../lib/runtime/tensor/types.ts';
import { type Attributes, graph, model, node, tensorType, value } from '../build-model.ts';

/** What a request can do wrong to an operator, and what both engines answer: the same, by the operator's name. */

const folder = mkdtempSync(join(tmpdir(), 'coldpress-bad-input-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const onnxruntime = loadEngine(findEngine('', { name: 'onnxruntime', native: 'host', path: '' }));
let count = 0;

type Input = [datatype: Datatype, shape: number[], data: (number | string | boolean)[]];
type Inputs = Record<string, Input>;

const elements: Partial<Record<Datatype, ElementType>> = {
  FP32: 'FLOAT',
  INT32: 'INT32',
  INT64: 'INT64',
  BOOL: 'BOOL',
  BYTES: 'STRING',
};

interface Case {
  name: string;
  nodes: NodeProto[];
  fine: Inputs;
  bad: Inputs;
  /** What the answer is called, and what it names. */
  code: 'RUN' | 'SHAPE' | 'SIZE';
  operator: string;
  opset?: number;
  output?: Datatype;
}

/** One node over the inputs. */
function one(
  operator: string,
  fine: Inputs,
  bad: Inputs,
  {
    name = operator,
    attributes = {},
    code = 'RUN',
    ...more
  }: Partial<Case> & { attributes?: Attributes } = {},
): Case {
  const nodes = [node(operator, Object.keys(fine), ['y'], attributes)];
  return {
    name,
    nodes,
    fine,
    bad: { ...fine, ...bad },
    code,
    operator: operator.split('.').at(-1)!,
    ...more,
  };
}

const x: Input = ['FP32', [2, 3], [1, 2, 3, 4, 5, 6]];
const list = (...numbers: number[]): Input => ['INT64', [numbers.length], numbers];
const scalar = (number: number): Input => ['INT64', [], [number]];
const huge = 2 ** 40;

/** A loop that the condition never ends. */
const endless = graph({
  node: [node('Identity', ['on'], ['next']), node('Identity', ['a'], ['b'])],
  input: [
    value('turn', tensorType('INT64', [])),
    value('on', tensorType('BOOL', [])),
    value('a', tensorType('FLOAT', null)),
  ],
  output: [value('next', tensorType('BOOL', [])), value('b', tensorType('FLOAT', null))],
});

const cases: Case[] = [
  one(
    'Loop',
    { n: scalar(3), on: ['BOOL', [], [true]], x },
    { n: scalar(huge) },
    { attributes: { body: endless }, code: 'SIZE' },
  ),
  one(
    'Loop',
    { on: ['BOOL', [], [false]], x },
    { on: ['BOOL', [], [true]] },
    {
      name: 'Loop without end',
      nodes: [node('Loop', ['', 'on', 'x'], ['y'], { body: endless })],
      code: 'SIZE',
    },
  ),
  one('Gather', { x, i: list(1) }, { i: list(2) }),
  one('Pad', { x, p: list(0, 1, 0, 1) }, { p: list(0, 1) }),
  one('Pad', { x, p: list(0, 1, 0, 1) }, { p: list(huge, 0, 0, 0) }, { name: 'Pad, huge', code: 'SIZE' }),
  one('Pad', { x, p: list(0, -1, 0, 1) }, { p: list(0, -4, 0, 0) }, { name: 'Pad, beyond the end' }),
  one(
    'Pad',
    { x, p: list(0, -1, 0, 1) },
    { p: list(-(2 ** 31), -(2 ** 31), 0, 0) },
    { name: 'Pad, far beyond both ends', code: 'SIZE' },
  ),
  one(
    'Pad',
    { x, p: list(1, 2, 1, 2) },
    { p: list(0, 3, 0, 0) },
    { name: 'Pad, reflected', attributes: { mode: 'reflect' } },
  ),
  one(
    'Pad',
    { x, p: list(2, 3, 2, 3) },
    { p: list(0, 4, 0, 0) },
    { name: 'Pad, wrapped', attributes: { mode: 'wrap' }, opset: 19, code: 'SHAPE' },
  ),
  ...(
    [
      ['of three numbers', { p: list(0, 1, 0) }, {}],
      ['of an axis that is not there', { a: list(2) }, {}],
      ['of an axis, huge', { p: list(huge, 0) }, { code: 'SIZE' }],
      [
        'of an axis, as far to both sides',
        { p: ['INT64', [2], ['-9223372036854775808', '9223372036854775802']] },
        {},
      ],
      [
        'of an axis that is listed again, wrapped more than once',
        { p: list(4, 1, 0, 0), a: list(1, 1) },
        { attributes: { mode: 'wrap' }, code: 'SHAPE' },
      ],
      ['of an axis of none, huge', { x: ['FP32', [2, 0], []], p: list(huge, 0) }, { code: 'SIZE' }],
      ['of an axis, beyond both ends', { p: list(-(2 ** 20), -(2 ** 20)) }, {}],
      [
        'of two axes, far beyond both ends',
        { p: list(-(2 ** 31), -(2 ** 31), 0, 0), a: list(0, 1) },
        { code: 'SIZE' },
      ],
      ['wrapped of nothing', { p: list(0, -3) }, { attributes: { mode: 'wrap' } }],
      ['wrapped, huge', { p: list(huge, 0) }, { attributes: { mode: 'wrap' }, code: 'SIZE' }],
      ['wrapped, beyond the end', { p: list(0, -4) }, { attributes: { mode: 'wrap' }, code: 'SHAPE' }],
      ['at the edge of less than nothing', { p: list(1, -4) }, { attributes: { mode: 'edge' } }],
      ['at the edge of nothing', { p: list(0, -3) }, { attributes: { mode: 'edge' } }],
    ] as [string, Inputs, Partial<Case>][]
  ).map(([name, bad, more]) =>
    one('Pad', { x, p: list(0, 1), f: ['FP32', [], [7]], a: list(1) }, bad, {
      ...more,
      name: `Pad ${name}`,
      opset: 19,
    }),
  ),
  one(
    'Split',
    { x, s: list(3) },
    { s: list(1, 2) },
    { name: 'Split, two sizes of one part', attributes: { axis: 1 } },
  ),
  one(
    'Squeeze',
    { w: ['FP32', [1, 3], [1, 2, 3]], a: list(0) },
    { a: list(1) },
    { name: 'Squeeze, of three elements' },
  ),
  one(
    'Slice',
    { x, s: list(0, 0), e: list(1, 1), a: list(0, 1) },
    { a: list(1, -1) },
    { name: 'Slice, an axis twice' },
  ),
  one(
    'OneHot',
    { i: list(1), d: scalar(3), v: ['FP32', [2], [0, 1]] },
    { v: ['FP32', [1], [1]] },
    { name: 'OneHot, one value' },
  ),
  one(
    'Reshape',
    { x, s: list(3, 2) },
    { s: list(3, 1, 0) },
    { name: 'Reshape, a size to copy that is not there' },
  ),
  one(
    'Range',
    { a: scalar(1), b: scalar(5), c: scalar(2) },
    { b: scalar(0), c: scalar(0) },
    { name: 'Range, no step', output: 'INT64' },
  ),
  one(
    'ScatterElements',
    { x, i: ['INT64', [1, 2], [0, 1]], u: ['FP32', [1, 2], [8, 9]] },
    { u: ['FP32', [2, 1], [8, 9]] },
    { name: 'ScatterElements, updates of another shape' },
  ),
  one(
    'Expand',
    { x, s: list(2, 3) },
    { s: list(huge, -1) },
    { name: 'Expand, huge and negative', code: 'SIZE' },
  ),
  one('Tile', { x, r: list(2, 1) }, { r: list(huge) }, { name: 'Tile, huge, of one axis', code: 'SIZE' }),
  one('Gather', { x, i: list(-2) }, { i: list(-3) }, { name: 'Gather, negative' }),
  one('GatherElements', { x, i: ['INT64', [1, 1], [1]] }, { i: ['INT64', [1, 1], [5]] }),
  one('GatherND', { x, i: list(1, 2) }, { i: list(1, 3) }),
  one(
    'ScatterElements',
    { x, i: ['INT64', [1, 1], [1]], u: ['FP32', [1, 1], [9]] },
    { i: ['INT64', [1, 1], [5]] },
  ),
  one(
    'ScatterND',
    { x, i: ['INT64', [1, 2], [1, 2]], u: ['FP32', [1], [9]] },
    { i: ['INT64', [1, 2], [1, 3]] },
  ),
  one('ai.onnx.ml.ArrayFeatureExtractor', { x, i: list(1) }, { i: list(3) }),
  one('Div', { a: list(6), b: list(3) }, { b: list(0) }, { output: 'INT64' }),
  one('Mod', { a: list(6), b: list(3) }, { b: list(0) }, { output: 'INT64' }),
  one(
    'Div',
    { a: ['INT32', [1], [6]], b: ['INT32', [1], [3]] },
    { b: ['INT32', [1], [0]] },
    { name: 'Div of INT32', output: 'INT32' },
  ),
  one('Tile', { x, n: list(2, 2) }, { n: list(2 ** 14, 2 ** 14) }, { code: 'SIZE' }),
  one('Tile', { x, n: list(2, 2) }, { n: list(-1, 2) }, { name: 'Tile, negative' }),
  one('Expand', { x, n: list(2, 2, 3) }, { n: list(2 ** 25, 1, 1) }, { code: 'SIZE' }),
  one('Expand', { x, n: list(2, 2, 3) }, { n: list(2, 4, 3) }, { name: 'Expand to what does not fit' }),
  one(
    'Range',
    { a: scalar(2), b: scalar(8), c: scalar(2) },
    { b: scalar(huge) },
    { code: 'SIZE', output: 'INT64' },
  ),
  one(
    'Range',
    { a: scalar(2), b: scalar(8), c: scalar(2) },
    { c: scalar(0) },
    { name: 'Range by 0', code: 'SIZE', output: 'INT64' },
  ),
  one('ConstantOfShape', { n: list(2, 3) }, { n: list(2 ** 20, 2 ** 20) }, { code: 'SIZE' }),
  one('ConstantOfShape', { n: list(2, 3) }, { n: list(-2, 3) }, { name: 'ConstantOfShape, negative' }),
  one(
    'ConstantOfShape',
    { n: list(2, 3, 1) },
    { n: list(huge, huge, 0) },
    { name: 'ConstantOfShape, huge and empty' },
  ),
  ...[4, huge, -1].map(k =>
    one(
      'TopK',
      { x, k: list(2) },
      { k: list(k) },
      { name: `TopK of ${k}`, nodes: [node('TopK', ['x', 'k'], ['y', 'z'])] },
    ),
  ),
  one(
    'OneHot',
    { x: list(1, 2), n: scalar(9), v: ['FP32', [2], [0, 1]] },
    { n: scalar(2 ** 27) },
    { code: 'SIZE' },
  ),
  one(
    'OneHot',
    { x: list(1, 2), n: scalar(9), v: ['FP32', [2], [0, 1]] },
    { n: scalar(-1) },
    { name: 'OneHot, negative' },
  ),
  one('Reshape', { x, n: list(3, 2) }, { n: list(4, 2) }),
  one('Slice', { x, s: list(0), e: list(2), a: list(0), t: list(1) }, { t: list(0) }, { name: 'Slice by 0' }),
  one(
    'Slice',
    { x, s: list(0), e: list(2), a: list(0) },
    { a: list(2) },
    { name: 'Slice of an axis that is not there' },
  ),
  one('Unsqueeze', { x, a: list(0) }, { a: list(9) }),
  one('Squeeze', { x: ['FP32', [1, 2], [1, 2]], a: list(0) }, { a: list(1) }),
  one('Split', { x, n: list(1, 1) }, { n: list(1, 2) }, { nodes: [node('Split', ['x', 'n'], ['y', 'z'])] }),
  one('ReduceSum', { x, a: list(1) }, { a: list(4) }),
  one('CumSum', { x, a: scalar(1) }, { a: scalar(4) }),
  one('Concat', { x, z: x }, { z: ['FP32', [2, 2], [1, 2, 3, 4]] }, { attributes: { axis: 0 } }),
  one('Add', { x, z: x }, { z: ['FP32', [2, 2], [1, 2, 3, 4]] }),
  one('MatMul', { x, z: ['FP32', [3, 1], [1, 2, 3]] }, { z: ['FP32', [2, 1], [1, 2]] }),
  one(
    'MatMul',
    { x, z: ['FP32', [3], [1, 2, 3]] },
    { x: ['FP32', [0, 3], []] },
    { name: 'MatMul of no rows by a column' },
  ),
  one('Gemm', { x, z: ['FP32', [3, 1], [1, 2, 3]] }, { z: ['FP32', [2, 1], [1, 2]] }),
  one(
    'ai.onnx.ml.OneHotEncoder',
    { i: list(1, 2) },
    { i: list(7) },
    { attributes: { cats_int64s: [1n, 2n], zeros: 0 } },
  ),
  one('ai.onnx.ml.Binarizer', { x }, { x: ['FP32', [1, 1], ['NaN']] }),
];

/** What a request gets: outputs, or the refusal. */
function answer(
  session: Session,
  signature: ReturnType<typeof toManifestSignature>['signature'],
  inputs: Inputs,
) {
  const request = {
    inputs: Object.entries(inputs).map(
      ([name, [datatype, shape, data]]): InferInput => ({ name, datatype, shape, data }),
    ),
  };
  try {
    return { outputs: runDecoded(session, decodeRequest(signature, request)) };
  } catch (error) {
    if (!(error instanceof RequestError)) {
      throw error;
    }
    const { status, code, message } = error;
    return { status, code, message };
  }
}

async function open({ nodes, fine, opset = 17, output = 'FP32' }: Case) {
  const proto = model(
    graph({
      node: nodes,
      input: Object.entries(fine).map(([name, [datatype, shape]]) =>
        value(
          name,
          tensorType(
            elements[datatype]!,
            shape.map(() => null),
          ),
        ),
      ),
      output: [value('y', tensorType(elements[output]!, null))],
    }),
    { '': opset, 'ai.onnx.ml': 1 },
  );
  const read = () => decodeModel(Buffer.concat(encodeModel(proto)), 'model.onnx') as OnnxModel;
  const rewriting = rewriteModel(read());
  const path = join(folder, `${count++}.onnx`);
  await writeModel(rewriting.model, path);
  const { signature } = toManifestSignature(modelSignature(rewriting.model), rewriting);
  const { program, weights } = compileModel(
    rewriteModel(read(), { engine: 'compiled' }).model as OnnxModel,
    [],
  );
  return {
    signature: {
      ...signature,
      inputs: signature.inputs.map(input => ({ ...input, minShape: input.minShape?.map(() => 0) ?? [] })),
    },
    sessions: {
      onnxruntime: explaining(openSession(onnxruntime, path, {}), () => ''),
      compiled: openProgram(program, new Uint8Array(weights)),
    },
  };
}

describe.each(cases)('$name', one => {
  test('is refused alike, by name, and the next request is answered', async () => {
    const { signature, sessions } = await open(one);
    const [native, compiled] = [sessions.onnxruntime, sessions.compiled].map(session => {
      const answers = [one.fine, one.bad, one.fine].map(inputs => answer(session, signature, inputs));
      session.close();
      return answers;
    });
    const refused = {
      code: one.code,
      status: one.code === 'SIZE' ? 413 : 400,
      message: expect.stringContaining(one.operator),
    };
    const fine = { outputs: [expect.objectContaining({ name: 'y' })] };
    expect(native).toEqual([fine, refused, fine]);
    expect(compiled).toEqual([fine, refused, fine]);
    expect((compiled![1] as { status: number }).status).toBe((native![1] as { status: number }).status);
  });
});

const none: Input = ['FP32', [0, 3], []];
const axes = (...numbers: number[]) => ({ axes: numbers.map(BigInt) });

const ofNoRows: Case[] = [
  ...['Abs', 'Softmax', 'Transpose', 'Flatten'].map(operator => one(operator, { none }, {})),
  ...['Shape', 'NonZero'].map(operator => one(operator, { none }, {}, { output: 'INT64' })),
  ...['ReduceMax', 'ReduceMin', 'ReduceMean', 'ReduceLogSumExp', 'ReduceProd'].flatMap(operator =>
    [0, 1].map(axis =>
      one(operator, { none }, {}, { name: `${operator} of axis ${axis}`, attributes: axes(axis) }),
    ),
  ),
  ...['ReduceMax', 'ReduceMean', 'ReduceLogSumExp'].flatMap(operator =>
    [axes(-1), axes(-2, 1), { ...axes(-1), keepdims: 0 }, {}].map((attributes, index) =>
      one(operator, { none }, {}, { name: `${operator} of negative axes, ${index}`, attributes }),
    ),
  ),
  one('TopK', { none, k: list(1) }, {}, { nodes: [node('TopK', ['none', 'k'], ['y', 'i'], { axis: 0 })] }),
  one(
    'Concat',
    { none, x: ['FP32', [2, 2], [1, 2, 3, 4]] },
    {},
    { attributes: { axis: 0 }, name: 'Concat of other sizes' },
  ),
  one('Compress', { none, c: ['BOOL', [2], [true, false]] }, {}),
  one('CumSum', { none, a: ['INT64', [], [5]] }, {}),
  ...[0, 1].map(axis =>
    one('ArgMax', { none }, {}, { name: `ArgMax of axis ${axis}`, attributes: { axis }, output: 'INT64' }),
  ),
  one(
    'ReduceMax',
    { i: ['INT64', [0, 2], []] },
    {},
    { name: 'ReduceMax of INT64', attributes: axes(0), output: 'INT64' },
  ),
  one(
    'ReduceMin',
    { i: ['INT32', [0, 2], []] },
    {},
    { name: 'ReduceMin of INT32', attributes: axes(0), output: 'INT32' },
  ),
  one('MatMul', { none, z: ['FP32', [3, 1], [1, 2, 3]] }, {}),
  one('MatMul', { none, z: ['FP32', [3], [1, 2, 3]] }, {}, { name: 'MatMul by a column' }),
  one(
    'MatMul',
    { x: ['FP32', [1, 1, 3], [1, 2, 3]], z: ['FP32', [0, 3, 1], []] },
    {},
    { name: 'MatMul by no matrices' },
  ),
  one('Concat', { none, x }, {}, { attributes: { axis: 0 } }),
  ...['constant', 'edge', 'reflect'].map(mode =>
    one('Pad', { none, p: list(0, 1, 0, 1) }, {}, { name: `Pad, ${mode}`, attributes: { mode } }),
  ),
  one('Pad', { none, p: list(1, 0, 0, 0) }, {}, { name: 'Pad, edge of none', attributes: { mode: 'edge' } }),
  one('Pad', { none, p: list(1, 0, 0, 0) }, {}, { name: 'Pad of none' }),
  one('ai.onnx.ml.Normalizer', { none }, {}),
  one('ai.onnx.ml.OneHotEncoder', { i: ['INT64', [0], []] }, {}, { attributes: { cats_int64s: [1n, 2n] } }),
];

test.each(ofNoRows)('no rows, $name: both engines give the same', async one => {
  const { signature, sessions } = await open({ ...one, opset: 13 });
  const [native, compiled] = Object.values(sessions).map(session => answer(session, signature, one.fine));
  expect(shown(compiled!)).toEqual(shown(native!));
});

/** Of a refusal what callers can tell apart. */
function shown(got: ReturnType<typeof answer>) {
  return 'status' in got ? { status: got.status, code: got.code } : got;
}
