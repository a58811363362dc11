import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { encodeAttribute } from '../../../lib/model/attributes.ts';
import {
  AttributeProto_AttributeType,
  type ModelProto,
  SparseTensorProtoSchema,
} from '../../../lib/model/onnx_pb.ts';
import { startEngine } from '../../../lib/model/press/engine-process.ts';
import { limitsFor } from '../../../lib/model/press/limits.ts';
import { openReference } from '../../../lib/model/press/open-reference.ts';
import { makeTensor } from '../../../lib/model/press/tensors.ts';
import { readOutline } from '../../../lib/model/read.ts';
import { modelSignature } from '../../../lib/model/signature.ts';
import { writeModel } from '../../../lib/model/write.ts';
import type { ProbeTensor } from '../../../lib/runtime/probe/types.ts';
import { floats, graph, ints, model, node, tensorType, value } from '../build-model.ts';

const limits = limitsFor(0);
const float = (name: string, shape: (number | string)[] | null = ['N']) =>
  value(name, tensorType('FLOAT', shape));
const untyped = (name: string) => value(name, undefined);
const row = (name: string, ...values: number[]) =>
  makeTensor({ name, datatype: 'FP32' }, [values.length], values);

async function write(proto: ModelProto): Promise<string> {
  const path = join(mkdtempSync(join(tmpdir(), 'coldpress-reference-')), 'given.onnx');
  await writeModel({ proto }, path);
  return path;
}

async function open(proto: ModelProto) {
  const work = mkdtempSync(join(tmpdir(), 'coldpress-reference-'));
  return openReference(await readOutline(await write(proto)), { external: [], work, limits });
}

/** Opens a model and runs it once. */
async function answer(proto: ModelProto, inputs: ProbeTensor[], outputs = ['y']) {
  const { running, ...reference } = await open(proto);
  try {
    return { ...reference, result: await running.request({ op: 'run', inputs, outputs }) };
  } finally {
    running.close();
  }
}

test('an output without a type has the one that the engine infers, and what it needs', async () => {
  const proto = model(
    graph({
      node: [node('Shape', ['x'], ['s']), node('Cast', ['x'], ['y'], { to: 22 })],
      input: [float('x')],
      output: [untyped('s'), untyped('y')],
    }),
    { '': 21 },
  );
  const { rewriting, signature, result } = await answer(proto, [row('x', 7, -8)], ['s', 'y']);
  expect(signature.outputs).toMatchObject([
    { name: 's', datatype: 'INT64', shape: [1] },
    { name: 'y', datatype: 'INT8', shape: ['N'] },
  ]);
  expect(rewriting.applied.map(({ name }) => name)).toEqual(['declared-outputs', 'edge-casts']);
  expect(result).toMatchObject({ tensors: [{ data: BigInt64Array.of(2n) }, { data: Int8Array.of(7, -8) }] });
});

test('several guarded operators of one kind', async () => {
  const ends = ['a', 'b'].map(name => value(name, tensorType('INT64', [])));
  const range = (to: string, output: string) => node('Range', ['zero', to, 'one'], [output]);
  const proto = model(
    graph({
      node: [range('a', 'left'), range('b', 'right'), node('Concat', ['left', 'right'], ['y'], { axis: 0 })],
      initializer: [ints('zero', [0], []), ints('one', [1], [])],
      input: ends,
      output: [value('y', tensorType('INT64', null))],
    }),
  );
  const inputs = ['a', 'b'].map((name, index) =>
    makeTensor({ name, datatype: 'INT64' }, [], [BigInt(index + 1)]),
  );
  const { result } = await answer(proto, inputs);
  expect(result).toMatchObject({ tensors: [{ data: BigInt64Array.of(0n, 0n, 1n) }] });
});

test('BatchNormalization in training mode normalises by the batch', async () => {
  const names = ['s', 'b', 'm', 'v'];
  const proto = model(
    graph({
      node: [node('BatchNormalization', ['x', ...names], ['y', 'mean', 'var'], { training_mode: 1 })],
      input: [float('x', ['N', 1, 1])],
      initializer: names.map(name => floats(name, [1], Float32Array.of(1))),
      output: [float('y', ['N', 1, 1])],
    }),
  );
  const x = makeTensor({ name: 'x', datatype: 'FP32' }, [2, 1, 1], [1, 3]);
  const { result } = await answer(proto, [x]);
  const [y] = result.kind === 'answered' ? result.tensors : [];
  expect(Array.from(y!.data as Float32Array, Math.round)).toEqual([0, 2]);
});

test.each([
  ['OPERATOR_UNSUPPORTED', node('ImageDecoder', ['x'], ['y']), 20],
  ['CUSTOM_OPERATOR', node('ai.onnx.preview.Unheard', ['x'], ['y']), 26],
])('%s is what the engine says', async (code, operator, opset) => {
  const proto = model(
    graph({
      node: [operator],
      input: [value('x', tensorType('UINT8', [null]))],
      output: [value('y', tensorType('UINT8', null))],
    }),
    { '': opset, 'ai.onnx.preview': 1 },
  );
  await expect(open(proto)).rejects.toMatchObject({ name: 'ColdpressError', code });
});

const typed = (name: string, element: 'INT16' | 'DOUBLE' | 'FLOAT') =>
  value(name, tensorType(element, ['N']));
const swiglu = model(
  graph({
    node: [node('SwiGLU', ['x', 'z'], ['y'], { alpha: 2 })],
    input: [float('x'), float('z')],
    output: [float('y')],
  }),
  { '': 28 },
);
swiglu.graph!.node[0]!.attribute = [
  encodeAttribute({ name: 'alpha', type: AttributeProto_AttributeType.FLOAT, f: 2 }),
];

test.each<[string, string, ModelProto, ProbeTensor[], number[]]>([
  [
    'a type that a kernel lacks',
    'missing-kernels',
    model(
      graph({
        node: [node('Max', ['x', 'z'], ['y'])],
        input: [typed('x', 'INT16'), typed('z', 'INT16')],
        output: [typed('y', 'INT16')],
      }),
    ),
    ['x', 'z'].map((name, index) =>
      makeTensor({ name, datatype: 'INT16' }, [2], index === 0 ? [-5, 32767] : [3, -32768]),
    ),
    [3, 32767],
  ],
  [
    'an operator that the engine lacks',
    'swish',
    swiglu,
    [row('x', 1, -1), row('z', 10, 100)],
    [8.81, -11.92],
  ],
  [
    'an output of another type than declared',
    'declared-outputs',
    model(
      graph({
        node: [node('Cast', ['x'], ['y'], { to: 1 })],
        input: [typed('x', 'DOUBLE')],
        output: [typed('y', 'DOUBLE')],
      }),
    ),
    [makeTensor({ name: 'x', datatype: 'FP64' }, [1], [1.5])],
    [1.5],
  ],
  [
    'broadcasting by an attribute',
    'old-opsets',
    model(
      graph({
        node: [node('Add', ['x', 'b'], ['y'], { broadcast: 1, axis: 0 })],
        initializer: [floats('b', [2], Float32Array.of(10, 20))],
        input: [float('x', ['N', 2])],
        output: [float('y', ['N', 2])],
      }),
      { '': 6 },
    ),
    [makeTensor({ name: 'x', datatype: 'FP32' }, [2, 2], [1, 2, 3, 4])],
    [11, 12, 23, 24],
  ],
  [
    'slopes of channels',
    'old-opsets',
    model(
      graph({
        node: [node('PRelu', ['x', 'b'], ['y'])],
        initializer: [floats('b', [2], Float32Array.of(0.5, 0.25))],
        input: [float('x', [1, 2, 2])],
        output: [float('y', [1, 2, 2])],
      }),
      { '': 6 },
    ),
    [makeTensor({ name: 'x', datatype: 'FP32' }, [1, 2, 2], [1, -2, 3, -4])],
    [1, -1, 3, -1],
  ],
])('%s is rewritten: %s', async (_, name, proto, inputs, expected) => {
  const { rewriting, result } = await answer(proto, inputs);
  expect(rewriting.applied.map(rewrite => rewrite.name)).toContain(name);
  const [y] = result.kind === 'answered' ? result.tensors : [];
  expect(Array.from(y!.data as Float32Array, value => Math.round(value * 100) / 100)).toEqual(expected);
});

test('a sparse constant of an .ort file is no input', async () => {
  const values = floats('w', [1], Float32Array.of(2));
  const sparse = create(SparseTensorProtoSchema, { values, indices: ints('', [1]), dims: [2n] });
  const proto = model(
    graph({
      node: [node('Add', ['x', 'w'], ['y'])],
      input: [float('x', [2])],
      sparseInitializer: [sparse],
      output: [float('y', [2])],
    }),
  );
  const path = await write(proto);
  const ortPath = path.replace('.onnx', '.ort');
  const engine = startEngine(limits);
  const saved = await engine.request({
    op: 'open',
    path,
    options: {
      graphOptimizationLevel: 'disabled',
      optimizedModelFilePath: ortPath,
      extra: { session: { save_model_format: 'ORT' } },
    },
  });
  engine.close();
  expect(saved).toMatchObject({ kind: 'answered' });
  const signature = modelSignature(await readOutline(ortPath));
  expect(signature.inputs.map(({ name }) => name)).toEqual(['x']);
});
