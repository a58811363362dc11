import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { compareOutputs } from '../../../lib/model/press/compare.ts';
import { expectAnswer, startEngine } from '../../../lib/model/press/engine-process.ts';
import { openEngine } from '../../../lib/model/press/open-engine.ts';
import { pressModel } from '../../../lib/model/press/press.ts';
import type { PressOptions } from '../../../lib/model/press/press-options.ts';
import { answerRandomly, proveEqual } from '../../../lib/model/press/prove.ts';
import { encodeModel } from '../../../lib/model/write.ts';
import { openModel } from '../../../lib/runtime/open-model.ts';
import type { ProbeTensor } from '../../../lib/runtime/probe/types.ts';
import { graph, ints, model, node, tensorType, value } from '../build-model.ts';
import { doubleClassifier } from '../specimens.ts';

const example = fileURLToPath(new URL('../../../examples/breast-cancer', import.meta.url));
const modelPath = join(example, 'model.onnx');
const scratch = mkdtempSync(join(tmpdir(), 'coldpress-press-test-'));
const limits = { timeoutMs: 60_000, memoryBytes: 2e9 };

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let folders = 0;
async function press(options: Partial<PressOptions> = {}) {
  const outDir = join(scratch, String(folders++));
  return {
    outDir,
    report: await pressModel(modelPath, { outDir, arch: 'x64', engine: 'onnxruntime', ...options }),
  };
}

describe('pressModel', () => {
  test('writes a folder that openModel opens, and that answers its own golden vector', async () => {
    const { outDir, report } = await press();
    expect(report.optimisation?.kind).toBe('optimised');
    const golden = JSON.parse(readFileSync(join(outDir, 'golden.json'), 'utf8'));
    const model = openModel(outDir);
    const { outputs } = model.infer(golden.request);
    model.close();
    expect(outputs.map(output => Array.from<unknown, number>(output.data, Number))).toEqual(
      golden.response.outputs.map((output: { data: number[] }) => output.data),
    );
  });

  test('a classifier of float64 gives float64, by an operator whose type the engine knows', async () => {
    const einsum = node('Einsum', ['y', 'y'], ['scores'], { equation: 'ij,kj->ik' });
    const path = join(scratch, 'double.onnx');
    writeFileSync(
      path,
      Buffer.concat(encodeModel(doubleClassifier([node('Softmax', ['x'], ['y']), einsum]))),
    );
    const outDir = join(scratch, 'double');
    await pressModel(path, { outDir, arch: 'x64', engine: 'onnxruntime' });
    const model = openModel(outDir);
    const inputs = [{ name: 'x', datatype: 'FP64' as const, shape: [2, 2], data: [0, 0, 0, 0] }];
    expect(model.infer({ inputs }).outputs).toMatchObject([
      {
        name: 'probabilities',
        datatype: 'FP64',
        shape: [2, 2],
        data: Float64Array.of(0.5, 0.5, 0.5, 0.5),
        labels: [0, 1],
      },
    ]);
    model.close();
  });

  test('takes feature names and expected outputs from samples', async () => {
    const { report } = await press({ samples: { path: join(example, 'samples.csv') } });
    expect(report.manifest.features).toHaveLength(30);
    expect(report.manifest.features?.[0]).toBe('mean radius');
  });

  test('tunes by measurement, and keeps the table', async () => {
    const { report } = await press({ tune: 'cold' });
    expect(report.tuning).toMatchObject({ mode: 'cold', rounds: expect.any(Number) });
    const chosen = report.tuning?.candidates.find(({ name }) => name === report.tuning?.chosen);
    expect(report.manifest.model.session).toMatchObject(chosen!.session);
    for (const { openMs, firstMs, warmMs } of report.tuning?.candidates ?? []) {
      expect(Math.min(openMs, firstMs, warmMs)).toBeGreaterThan(0);
    }
  });

  test('measures nothing where the options are given', async () => {
    const session = { graphOptimizationLevel: 'basic' } as const;
    const { report } = await press({ session, tune: 'warm' });
    expect(report).toMatchObject({ manifest: { model: { session } } });
    expect(report.tuning).toBeUndefined();
  });

  test('keeps the model as it is, with the reason, where options cannot open it', async () => {
    const session = { graphOptimizationLevel: 'nonsense' } as never;
    const { outDir, report } = await press({ session });
    expect(report.optimisation).toMatchObject({ kind: 'kept', reason: expect.stringMatching(/nonsense/) });
    expect(existsSync(join(outDir, 'model.onnx'))).toBe(true);
    expect(openModel(outDir).infer({ inputs: [row()] }).outputs).toHaveLength(2);
  });
});

describe('proveEqual', () => {
  test('sees an answer that differs', async () => {
    const { outDir, report } = await press();
    const reference = { path: join(outDir, 'model.onnx'), options: {}, env: {} };
    const { signature } = report.manifest;
    const engine = openEngine(reference, limits);
    const { vectors } = await answerRandomly(engine, signature);
    engine.close();
    const tolerance = { relative: 1e-3, absolute: 1e-5 };
    expect(await proveEqual(reference, vectors, { tolerance, limits })).toBeUndefined();
    (vectors[0]!.outputs[1]!.data as Float32Array)[1]! += 0.01;
    expect(await proveEqual(reference, vectors, { tolerance, limits })).toMatch(
      /output "output_probability", element 1: expected/,
    );
  });
});

describe('compareOutputs', () => {
  const tensor = (
    type: ProbeTensor['type'],
    data: ProbeTensor['data'],
    dims = [data.length],
  ): ProbeTensor => ({
    name: 'y',
    type,
    data,
    dims,
  });
  const f32 = (...values: number[]) => tensor('float32', Float32Array.from(values));
  const cases: [name: string, expected: ProbeTensor, actual: ProbeTensor | undefined, equal: boolean][] = [
    ['the same', f32(1, 2), f32(1, 2), true],
    ['within the relative tolerance', f32(1000), f32(1000.5), true],
    ['beyond it', f32(1000), f32(1002), false],
    ['within the absolute one, at the scale of the tensor', f32(0, 100), f32(0.0005, 100), true],
    ['NaN and NaN', f32(Number.NaN), f32(Number.NaN), true],
    ['NaN and a number', f32(Number.NaN), f32(0), false],
    ['infinities', f32(Number.POSITIVE_INFINITY), f32(Number.POSITIVE_INFINITY), true],
    ['infinity and its opposite', f32(Number.POSITIVE_INFINITY), f32(Number.NEGATIVE_INFINITY), false],
    [
      'integers are equal or not',
      tensor('int64', BigInt64Array.of(5n)),
      tensor('int64', BigInt64Array.of(6n)),
      false,
    ],
    ['strings', tensor('string', ['a']), tensor('string', ['a']), true],
    ['another string', tensor('string', ['a']), tensor('string', ['b']), false],
    ['another shape', f32(1, 2), tensor('float32', Float32Array.of(1, 2), [2, 1]), false],
    ['another type', f32(1), tensor('float64', Float64Array.of(1)), false],
    ['none', f32(1), undefined, false],
    [
      'float16, coarser',
      tensor('float16', Float32Array.of(1)),
      tensor('float16', Float32Array.of(1.01)),
      true,
    ],
  ];

  test.each(cases)('%s', (_, expected, actual, equal) => {
    const difference = compareOutputs([expected], [actual], { relative: 1e-3, absolute: 1e-5 });
    expect(difference === undefined).toBe(equal);
  });
});

describe('the engine in its own process', () => {
  const open = { op: 'open', path: modelPath, options: {} } as const;

  test('reports a refusal', async () => {
    const engine = startEngine(limits);
    const result = await engine.request({ op: 'open', path: join(scratch, 'none.onnx'), options: {} });
    engine.close();
    expect(result).toMatchObject({ kind: 'refused', message: expect.stringMatching(/none\.onnx/) });
    expect(() => expectAnswer(result, 'open the model')).toThrow(
      expect.objectContaining({ name: 'ColdpressError' }),
    );
  });

  test.each([
    ['time', { ...limits, timeoutMs: 1 }, 'timeout', 'ENGINE_HUNG'],
    ['memory', { ...limits, memoryBytes: 1 }, 'memory', 'ENGINE_OUT_OF_MEMORY'],
  ])('the limit of %s ends it', async (_, tight, how, code) => {
    const engine = startEngine(tight);
    const result = await engine.request(open);
    expect(result).toMatchObject({ kind: 'died', how });
    expect(() => expectAnswer(result, 'open the model')).toThrow(expect.objectContaining({ code }));
    // And what comes after is told the same, instead of waiting.
    expect(await engine.request(open)).toEqual(result);
    engine.close();
  });

  test('a model that kills its process kills nothing else', async () => {
    const path = join(scratch, 'deadly.onnx');
    const proto = model(
      graph({
        node: [node('TopK', ['x', 'k'], ['y', 'at'])],
        initializer: [ints('k', [1])],
        input: [value('x', tensorType('FLOAT', ['N', 2]))],
        output: [value('y', tensorType('FLOAT', ['N', 1])), value('at', tensorType('INT64', ['N', 1]))],
      }),
    );
    writeFileSync(path, Buffer.concat(encodeModel(proto)));
    const engine = startEngine(limits);
    await engine.request({ op: 'open', path, options: {} });
    const none: ProbeTensor = { name: 'x', type: 'float32', dims: [0, 2], data: new Float32Array(0) };
    const result = await engine.request({ op: 'run', inputs: [none], outputs: ['y'] });
    engine.close();
    expect(result).toMatchObject({ kind: 'died', how: 'crash' });
    expect(() => expectAnswer(result, 'run the model')).toThrow(
      expect.objectContaining({ code: 'ENGINE_CRASHED' }),
    );
  });
});

function row() {
  return { name: 'float_input', datatype: 'FP32' as const, shape: [1, 30], data: new Float32Array(30) };
}
