import { describe, expect, test } from 'vitest';
import { openOracle } from '../../../bench/engines/oracle.ts';
import { oneHotCodes, oneHotTexts } from '../../../bench/models/pipelines.ts';
import { compileModel } from '../../../lib/model/compile/compile.ts';
import type { ModelProto, NodeProto } from '../../../lib/model/onnx_pb.ts';
import { decodeModel } from '../../../lib/model/read.ts';
import { encodeModel } from '../../../lib/model/write.ts';
import { openProgram } from '../../../lib/runtime/engine/compiled/open-program.ts';
import type { Session } from '../../../lib/runtime/engine/session.ts';
import { EngineTensor } from '../../../lib/runtime/engine/tensor.ts';
import { graph, ints, model, node, tensorType, value } from '../build-model.ts';

/** One-hot encoders before a linear model become one step with it; the answers stay those of ONNX Runtime. */

const rows = 300;
const numbers = (width: number, at: (i: number) => number) =>
  new EngineTensor(
    'float32',
    Float32Array.from({ length: rows * width }, (_, i) => at(i)),
    [rows, width],
  );
const texts = (at: number) =>
  new EngineTensor(
    'string',
    Array.from({ length: rows }, (_, row) => `c${(row * 7 + at) % 11}`),
    [rows, 1],
  );
const strange = [Number.NaN, Infinity, -Infinity, 1e19, -1e19, -0.5, 9.9, 2 ** 32 + 1];
const codes = numbers(8, i => strange[i] ?? (i * 7) % 12);
const measured = numbers(4, i => Math.sin(i));

function open(proto: ModelProto): { fused: Session; oracle: Session; kernels: string[] } {
  const bytes = Buffer.concat(encodeModel(proto));
  const { program, weights } = compileModel(decodeModel(bytes, 'model.onnx'), []);
  const oracle = openOracle(bytes);
  if (typeof oracle === 'string') {
    throw new Error(oracle);
  }
  return {
    fused: openProgram(program, new Uint8Array(weights)),
    oracle,
    kernels: program.graph.steps.map(({ kernel }) => kernel),
  };
}

function answer(session: Session, inputs: Record<string, EngineTensor>, outputs: string[]): unknown[] {
  return session.run(new Map(Object.entries(inputs)), outputs).map(({ data }) => Array.from<unknown>(data));
}

test.each<[name: string, proto: ModelProto, inputs: Record<string, EngineTensor>]>([
  ['codes', oneHotCodes(3), { codes, numbers: measured }],
  [
    'texts',
    oneHotTexts(3),
    {
      ...Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`text${at}`, texts(at)])),
      numbers: measured,
    },
  ],
])('%s', (_, proto, inputs) => {
  const { fused, oracle, kernels } = open(proto);
  expect(kernels).toEqual(['scaler', 'encodedClassifier']);
  const outputs = ['label', 'probabilities'];
  expect(answer(fused, inputs, outputs)).toEqual(answer(oracle, inputs, outputs));
});

// ONNX Runtime adds up a single row in another order, which depends on the processor.
test.skipIf(process.arch !== 'x64')('each row by itself', () => {
  const { fused, oracle } = open(oneHotCodes(3));
  const rowOf = ({ data, dims: [, width] }: EngineTensor, row: number) =>
    new EngineTensor('float32', data.slice(row * width!, (row + 1) * width!) as Float32Array, [1, width!]);
  for (let row = 0; row < rows; row++) {
    const inputs = { codes: rowOf(codes, row), numbers: rowOf(measured, row) };
    expect(answer(fused, inputs, ['probabilities'])).toEqual(answer(oracle, inputs, ['probabilities']));
  }
});

describe('a regressor', () => {
  const category = (...cells: number[]) => ({
    x: new EngineTensor('int64', BigInt64Array.from(cells, BigInt), [cells.length, 1]),
  });
  const regress = (between: NodeProto[], attributes = {}, weights = [1.5, -2.25, 0.1]) =>
    model(
      graph({
        initializer: [ints('flat', [-1, 3])],
        input: [value('x', tensorType('INT64', [null, null]))],
        node: [
          node('ai.onnx.ml.OneHotEncoder', ['x'], ['hot'], {
            cats_int64s: [4n, 70_000n, -3n],
            ...attributes,
          }),
          ...between,
          node('ai.onnx.ml.LinearRegressor', ['table'], ['y'], {
            coefficients: { type: 6, floats: weights },
            intercepts: { type: 6, floats: [0.25] },
          }),
        ],
        output: [value('y', tensorType('FLOAT', [null, null]))],
      }),
      { '': 17, 'ai.onnx.ml': 3 },
    );
  const reshape = node('Reshape', ['hot', 'flat'], ['table']);
  const inputs = category(4, 70_000, -3, 5, 4);

  test.each<[name: string, between: NodeProto]>([
    ['Reshape', reshape],
    ['Flatten', node('Flatten', ['hot'], ['table'], { axis: 1 })],
  ])('after %s, with categories far apart', (_, between) => {
    const { fused, oracle, kernels } = open(regress([between]));
    expect(kernels).toEqual(['encodedRegressor']);
    expect(answer(fused, inputs, ['y'])).toEqual(answer(oracle, inputs, ['y']));
  });

  test('an unknown category, where the encoder accepts none, is the error of the encoder', () => {
    const { fused, oracle } = open(regress([reshape], { zeros: 0 }));
    expect(() => answer(fused, inputs, ['y'])).toThrow(/^OneHotEncoder/);
    expect(() => answer(oracle, inputs, ['y'])).toThrow(/OneHotEncoder/);
    expect(answer(fused, category(4, -3), ['y'])).toEqual(answer(oracle, category(4, -3), ['y']));
  });

  test('rows of several categories are computed step by step', () => {
    const { fused, oracle } = open(regress([reshape]));
    const pairs = { x: new EngineTensor('int64', BigInt64Array.of(4n, -3n, 5n, 70_000n), [2, 2]) };
    expect(answer(fused, pairs, ['y'])).toEqual(answer(oracle, pairs, ['y']));
  });

  test('an infinite coefficient is multiplied by the zeros', () => {
    const { fused, oracle, kernels } = open(regress([reshape], {}, [1, Infinity, 2]));
    expect(kernels).not.toContain('encodedRegressor');
    expect(answer(fused, inputs, ['y'])).toEqual(answer(oracle, inputs, ['y']));
  });

  test('an encoder that a second step reads stays a step of its own', () => {
    const proto = regress([reshape]);
    proto.graph!.node.push(node('Identity', ['hot'], ['z']), node('Abs', ['z'], ['again']));
    proto.graph!.output.push(value('again', tensorType('FLOAT', [null, null, null])));
    const { fused, oracle, kernels } = open(proto);
    expect(kernels).toContain('oneHotEncoder');
    expect(answer(fused, inputs, ['y', 'again'])).toEqual(answer(oracle, inputs, ['y', 'again']));
  });
});
