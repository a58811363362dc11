import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Signature, TensorSpec } from '../../lib/contract/manifest.ts';
import { tsconfigJson } from '../../lib/init/templates/package.ts';
import { sampleRecord } from '../../lib/init/templates/sample-record.ts';
import { score } from '../../lib/init/templates/score.ts';
import { declareModel } from '../../lib/model/declarations.ts';
import { type DeclaredTensor, declareRows } from '../../lib/model/rows/declared.ts';
import { folder, root, run } from '../cli/coldpress.ts';
import { installed } from './installed.ts';

const spec = (
  name: string,
  datatype: TensorSpec['datatype'],
  shape: TensorSpec['shape'],
): DeclaredTensor => ({
  name,
  datatype,
  shape,
});

/** Of models as people bring them. */
const signatures: Record<string, Signature> = {
  'voice activity, a state and a scalar beside the batch': declareRows(
    [
      spec('input', 'FP32', ['batch', 'sequence']),
      spec('state', 'FP32', [2, 'batch', 128]),
      spec('sr', 'INT64', []),
    ],
    [spec('output', 'FP32', ['batch', 1]), spec('stateN', 'FP32', ['n', 'batch', 'm'])],
  ),
  'a branch on a truth': declareRows(
    [spec('c', 'BOOL', []), spec('x', 'FP32', ['N'])],
    [spec('y', 'BOOL', ['N'])],
  ),
  halves: declareRows([spec('image', 'FP16', ['N', 1, 2, 2])], [spec('probs', 'FP16', ['N', 2])]),
  'outputs of unknown and of other shapes': declareRows(
    [spec('x', 'FP32', ['N', 2])],
    [spec('any', 'FP32', null), spec('found', 'INT64', ['K']), spec('sum', 'FP32', [])],
  ),
  'names that objects trip over': declareRows(
    [spec('__proto__', 'FP32', ['N']), spec('constructor', 'FP32', ['N', 2])],
    [spec('__proto__', 'FP32', ['N']), spec('then', 'INT64', ['N'])],
  ),
  constants: declareRows([], [spec('y', 'FP32', [2])]),
};

const feature = { shape: ['N'], rowAxis: 0, minShape: [0] };
signatures['a booster with categories'] = {
  inputs: [
    { name: 'months', datatype: 'FP64', mayBeMissing: true, ...feature },
    { name: 'plan', datatype: 'BYTES', category: true, ...feature },
  ],
  outputs: [
    { name: 'prediction', datatype: 'FP64', shape: ['N'], rowAxis: 0 },
    { name: 'margin', datatype: 'FP64', shape: ['N'], rowAxis: 0, onRequest: true },
  ],
};
signatures['a booster of numbers'] = {
  inputs: [
    { name: 'features', datatype: 'FP32', shape: ['N', 3], rowAxis: 0, minShape: [0, 3], mayBeMissing: true },
  ],
  outputs: [{ name: 'prediction', datatype: 'FP32', shape: ['N'], rowAxis: 0 }],
};

/** Of those whose input is a matrix of them. */
const features: Record<string, string[]> = { 'a booster of numbers': ['age', 'car age', '__proto__'] };

const cwd = folder('scores');
const slug = (name: string) => name.replace(/\W+/g, '-');

beforeAll(() => {
  writeFileSync(join(cwd, 'package.json'), '{ "type": "module" }\n');
  writeFileSync(join(cwd, 'tsconfig.json'), tsconfigJson());
  installed(cwd);
  for (const [name, signature] of Object.entries(signatures)) {
    const model = `${slug(name)}.onnx`;
    const rest = { hasScore: true, target: 'aws-lambda', trigger: 'http', version: '0.0.0' } as const;
    const project = { name, model, signature, features: features[name], ...rest };
    writeFileSync(join(cwd, `${slug(name)}.ts`), score(project));
    writeFileSync(join(cwd, `${model}.d.ts`), declareModel(signature, model));
  }
});

test('the scores compile', { timeout: 60_000 }, async () => {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const compiled = await run([tsc, '--noEmit'], { cwd, command: process.execPath });
  expect(compiled.stdout).toBe('');
});

describe.each(Object.keys(signatures))('%s', name => {
  const path = join(cwd, `${slug(name)}.ts`);

  test('is formatted', async () => {
    const stdin = readFileSync(path, 'utf8');
    const args = [
      join(root, 'node_modules/@biomejs/biome/bin/biome'),
      'format',
      '--stdin-file-path',
      'score.ts',
    ];
    expect((await run(args, { command: process.execPath, stdin })).stdout).toBe(stdin);
  });

  test('takes the record that the README has', async () => {
    const record = sampleRecord({ signature: signatures[name]!, features: features[name], hasScore: true });
    const { record: schema } = await importScore(name);
    expect(record === undefined || schema['~standard'].validate(record)).not.toHaveProperty('issues');
  });
});

/** With this repository's runtime in the place of an installed one. */
async function importScore(name: string) {
  const path = join(cwd, `${slug(name)}.run.ts`);
  const runtime = join(root, 'lib/runtime/index.ts');
  const text = readFileSync(join(cwd, `${slug(name)}.ts`), 'utf8');
  writeFileSync(path, text.replace('coldpress/runtime', runtime.replaceAll('\\', '/')));
  return (await import(pathToFileURL(path).href)).default;
}

test('a booster takes null and missing keys for missing values', async () => {
  const read = async (name: string, record: object) => {
    const { record: schema, encode } = await importScore(name);
    return encode([schema['~standard'].validate(record).value]);
  };
  const missing = { data: [Number.NaN] };
  expect(await read('a booster with categories', { plan: null })).toMatchObject({
    months: missing,
    plan: { data: [''] },
  });
  expect(await read('a booster with categories', { months: null, plan: true })).toMatchObject({
    months: missing,
    plan: { data: ['true'] },
  });
  expect(await read('a booster of numbers', { 'car age': 3, __proto: 7 })).toMatchObject({
    features: { shape: [1, 3], data: [Number.NaN, 3, 7] },
  });
});

test('halves become numbers', async () => {
  const { decode } = await importScore('halves');
  const probs = { data: Uint16Array.of(0x3400, 0x3a00, 0x3c00, 0), shape: [2, 2] };
  expect(decode({ probs }, [{}, {}])).toEqual([{ probs: [0.25, 0.75] }, { probs: [1, 0] }]);
});

test('records are put together and taken apart along the axis that the model has them at', async () => {
  const { encode, decode } = await importScore('voice activity, a state and a scalar beside the batch');
  const state = (value: number) => [0, 1].map(layer => [value + layer]);
  const records = [1, 5].map(value => ({ input: [0], state: state(value), sr: 8 }));
  expect(encode(records).state).toEqual({ datatype: 'FP32', shape: [2, 2, 1], data: [1, 5, 2, 6] });
  const stateN = { data: Float32Array.of(1, 5, 2, 6), shape: [2, 2, 1] };
  const output = { data: Float32Array.of(0.1, 0.2), shape: [2, 1] };
  expect(decode({ output, stateN }, records)).toMatchObject([{ stateN: [1, 2] }, { stateN: [5, 6] }]);
});

test('truths become truths', async () => {
  const { encode, decode } = await importScore('a branch on a truth');
  expect(encode([{ c: true, x: 1 }])).toMatchObject({ c: { shape: [], data: [true] } });
  const y = { data: Uint8Array.of(1, 0), shape: [2] };
  expect(decode({ y }, [{}, {}])).toEqual([{ y: true }, { y: false }]);
});

test('an output without a row axis is that of a run of one record, whole', async () => {
  const { decode } = await importScore('outputs of unknown and of other shapes');
  const any = { data: Float32Array.of(1, 2), shape: [2] };
  const found = { data: BigInt64Array.of(7n, 8n, 9n), shape: [3] };
  const sum = { data: Float32Array.of(5), shape: [] };
  expect(decode({ any, found, sum }, [{}])).toEqual([{ any: [1, 2], found: [7, 8, 9], sum: 5 }]);
});
