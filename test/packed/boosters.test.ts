import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runBatch } from '../../lib/local/batch/batch.ts';
import { hostOf } from '../../lib/local/host.ts';
import { type ServedArtifact, serveArtifact } from '../../lib/local/serve.ts';
import { inspectModel } from '../../lib/model/inspect.ts';
import { pack } from '../../lib/pack/pack.ts';
import { lightGbmText, stump } from '../model/formats/light-gbm-text.ts';
import { makeScratch } from './pack-example.ts';

/** A LightGBM model with a category by name, from `save_model`'s file to an answer over HTTP. */

const scratch = makeScratch();
const path = join(scratch, 'churn.txt');
let served: ServedArtifact;

beforeAll(async () => {
  const bySet = { split_feature: 1, threshold: 0, num_cat: 1, cat_boundaries: '0 1', cat_threshold: 1 };
  const counts = { leaf_count: '3 5', internal_count: 8 };
  const trees = [stump(8, counts), stump(1, { ...bySet, ...counts, leaf_value: '0.5 -0.25' })];
  writeFileSync(path, lightGbmText(trees, { header: { objective: 'binary' }, pandas: '[["Oslo", "Rome"]]' }));
  writeFileSync(join(scratch, 'samples.csv'), 'x,city,label\n1,Oslo,0\n3,Rome,1\n,,1\n');
  const config = join(scratch, 'coldpress.config.ts');
  writeFileSync(config, 'export default { model: "churn.txt", samples: "samples.csv", engine: "compiled" };');
  await pack({ cwd: scratch, env: process.env, config, out: join(scratch, 'build') });
  served = await serveArtifact(join(scratch, 'build'), { host: hostOf(process), port: 0, env: {} });
}, 60_000);

afterAll(() => served.close());

async function post(path: string, body: string, type = 'application/json'): Promise<unknown> {
  const response = await fetch(served.url + path, {
    method: 'POST',
    headers: { 'content-type': type },
    body,
  });
  return response.json();
}

const chance = (sum: number) => 1 / (1 + Math.exp(-sum));
const answer = (sum: number) => ({
  label: sum > 0 ? 1 : 0,
  probability: { 0: 1 - chance(sum), 1: chance(sum) },
});

test('records by name, with what is missing left out, null or empty', async () => {
  const records = [{ x: 1, city: 'Oslo' }, { x: 3, city: 'Rome' }, { city: null }, { x: '', city: 'Paris' }];
  expect(await post('/', JSON.stringify(records))).toEqual([-0.5, 1.75, 1.75, 1.75].map(answer));
});

test('CSV', async () => {
  expect(await post('/invocations', 'city,x\nOslo,1\n,3\n', 'text/csv')).toEqual([-0.5, 1.75].map(answer));
  // A column that is not there is missing in every row.
  expect(await post('/invocations', 'city\nOslo\n', 'text/csv')).toEqual([2.5].map(answer));
});

test('what each feature adds is computed where it is asked for', async () => {
  const inputs = [
    { name: 'x', datatype: 'FP64', shape: [1], data: [3] },
    { name: 'city', datatype: 'BYTES', shape: [1], data: ['Oslo'] },
  ];
  const infer = '/v2/models/churn/infer';
  const byDefault = await post(infer, JSON.stringify({ inputs }));
  expect(byDefault).toMatchObject({ outputs: [{ name: 'label' }, { name: 'probability' }] });
  const asked = await post(infer, JSON.stringify({ inputs, outputs: [{ name: 'contributions' }] }));
  // Means of the trees over 3 and 5 rows: 0.875 and 0.03125.
  expect(asked).toMatchObject({ outputs: [{ shape: [1, 3], data: [1.125, 0.46875, 0.90625] }] });
});

describe('outputs that a request for records names', () => {
  const records = [
    { x: 3, city: 'Oslo' },
    { x: 1, city: 'Rome' },
  ];
  const reasons = { x: 1.125, city: 0.46875, bias: 0.90625 };

  test('come with the answer, contributions by feature', async () => {
    expect(await post('/?outputs=contributions', JSON.stringify(records[0]))).toEqual({
      ...answer(2.5),
      contributions: reasons,
    });
    const [first, second] = (await post(
      '/?trace=1&outputs=margin,leaf',
      JSON.stringify(records),
    )) as object[];
    expect(first).toEqual({ ...answer(2.5), margin: 2.5, leaf: [1, 0] });
    expect(second).toEqual({ ...answer(-1.25), margin: -1.25, leaf: [0, 1] });
  });

  test('as instances, and as CSV', async () => {
    const predicted = await post(
      '/v1/models/churn:predict?outputs=margin',
      JSON.stringify({ instances: records }),
    );
    expect(predicted).toMatchObject({ predictions: [{ margin: 2.5 }, { margin: -1.25 }] });
    const response = await fetch(`${served.url}/invocations?outputs=contributions`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv', accept: 'text/csv' },
      body: 'x,city\n3,Oslo\n',
    });
    expect((await response.text()).trim().split(',').slice(-3).map(Number)).toEqual(Object.values(reasons));
  });

  test('in JSON Lines', async () => {
    const response = await fetch(`${served.url}/?outputs=margin`, {
      method: 'POST',
      headers: { 'content-type': 'application/jsonl' },
      body: '{"x":3,"city":"Oslo"}\n',
    });
    expect(JSON.parse(await response.text())).toEqual({ row: 1, result: { ...answer(2.5), margin: 2.5 } });
  });

  test('are named by the description of the API', async () => {
    const response = await fetch(`${served.url}/openapi.json`);
    const { paths } = (await response.json()) as { paths: Record<string, { post?: object }> };
    const parameters = [
      { name: 'outputs', schema: { items: { enum: ['margin', 'leaf', 'contributions'] } } },
    ];
    expect(paths['/']!.post).toMatchObject({ parameters });
    expect(paths['/v2/models/churn/infer']!.post).not.toHaveProperty('parameters');
  });

  test('are refused where the model does not have them', async () => {
    expect(await post('/?outputs=shap', '{}')).toEqual({ error: expect.stringContaining('contributions') });
  });

  test('are columns of a batch', async () => {
    const input = join(scratch, 'rows.csv');
    writeFileSync(input, 'x,city\n3,Oslo\n');
    const out = join(scratch, 'scored');
    const options = { host: hostOf(process), processes: 1, outputs: ['contributions'] };
    await runBatch(join(scratch, 'build'), { input, output: out }, options);
    const [head, row] = readFileSync(join(out, 'rows.csv.csv'), 'utf8').trim().split('\n');
    expect(head).toContain('contributions[x],contributions[city],contributions[bias]');
    const own = Object.fromEntries(row!.split(',').map((cell, column) => [head!.split(',')[column], cell]));
    expect(own['contributions[city]']).toBe(String(reasons.city));
  });
});

describe.each(['gcf', 'container'] as const)('on %s', target => {
  const out = join(scratch, target);

  beforeAll(() => pack({ cwd: scratch, env: process.env, model: path, target, out }), 30_000);

  test('outputs that a request names come, too', async () => {
    const other = await serveArtifact(out, { host: hostOf(process), port: 0, env: {} });
    try {
      const response = await fetch(`${other.url}/?outputs=margin`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"x":3,"city":"Oslo"}',
      });
      expect(await response.json()).toEqual({ ...answer(2.5), margin: 2.5 });
    } finally {
      await other.close();
    }
  });

  test.runIf(target === 'container')('its command line scores with further outputs', () => {
    const score = (...args: string[]) =>
      spawnSync(process.execPath, [join(out, 'function/index.mjs'), 'score', ...args], {
        input: 'x,city\n3,Oslo\n',
        encoding: 'utf8',
      });
    const [head, row] = score('--outputs', 'leaf,margin').stdout.split('\r\n');
    expect(head).toBe('row,label,probability[0],probability[1],margin,leaf[0],leaf[1],error');
    expect(row).toMatch(/,2\.5,1,0,$/);
    expect(score('--outputs', 'shap')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('margin'),
    });
  });
});

test('the artifact runs on any CPU and holds no native file', () => {
  const manifest = JSON.parse(readFileSync(join(scratch, 'build/function/coldpress.json'), 'utf8'));
  expect(manifest).toMatchObject({ architecture: 'any', engine: { name: 'compiled' } });
  expect(manifest.files.filter(({ path }: { path: string }) => /\.(node|so)/.test(path))).toEqual([]);
});

test('inspect names objective, classes and categories', async () => {
  expect(await inspectModel(path)).toMatchObject({
    format: 'lightgbm',
    objective: 'binary',
    classes: 2,
    trees: 2,
    depth: 1,
    features: [
      { name: 'x', type: 'number' },
      { name: 'city', type: 'category', categories: ['Oslo', 'Rome'] },
    ],
  });
});

test('refuses to pack it with ONNX Runtime', async () => {
  const options = { cwd: scratch, env: process.env, model: path, engine: 'onnxruntime' as const };
  await expect(pack({ ...options, out: join(scratch, 'other') })).rejects.toMatchObject({
    code: 'ENGINE_NEEDS_ONNX',
  });
});
