import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import exampleScore from '../../../examples/breast-cancer/score.ts';
import type { ColdpressFunction } from '../../../lib/runtime/function.ts';
import type { HttpRequest } from '../../../lib/runtime/http/types.ts';
import type { Score } from '../../../lib/runtime/score/define.ts';
import {
  example,
  get,
  type Json,
  makeScratch,
  openWith,
  post,
  pressExample,
  pressIdentities,
  readJson,
} from './models.ts';

const record = JSON.parse(readFileSync(join(example, 'record.json'), 'utf8'));
const features = Object.values<number>(record);
const tensor = { name: 'float_input', datatype: 'FP32', shape: [1, 30], data: features };
const scratch = makeScratch();
let fn: ColdpressFunction;
let scored: ColdpressFunction;
let version: string;

beforeAll(async () => {
  const dir = await pressExample(scratch.dir);
  const env = { AIP_HEALTH_ROUTE: '/vertex/health', AIP_PREDICT_ROUTE: '/vertex/predict' };
  fn = openWith(dir, { env });
  scored = openWith(dir, { score: exampleScore as Score });
  version = fn.model.version;
});

afterAll(() => scratch.remove());

async function answer(request: HttpRequest, from = fn): Promise<Json> {
  const response = await from.http(request);
  expect([response.status, response.body]).toEqual([200, expect.anything()]);
  return readJson(response);
}

describe('Open Inference Protocol', () => {
  test('the server and the model tell what they are', async () => {
    expect(await answer(get('/v2'))).toMatchObject({ name: 'coldpress', extensions: ['binary_tensor_data'] });
    const model = await answer(get('/v2/models/model'));
    expect(model).toEqual({
      name: 'model',
      versions: [version],
      platform: 'onnxruntime_onnx',
      inputs: [{ name: 'float_input', datatype: 'FP32', shape: [-1, 30] }],
      outputs: [
        { name: 'output_label', datatype: 'INT64', shape: [-1] },
        { name: 'output_probability', datatype: 'FP32', shape: [-1, 2] },
      ],
    });
    expect(await answer(get(`/v2/models/model/versions/${version}`))).toEqual(model);
  });

  test.each(['/v2/health/live', '/v2/health/ready', '/v2/models/model/ready', '/ping', '/vertex/health'])(
    'GET %s',
    async path => {
      expect(Object.values(await answer(get(path)))).toContain(true);
    },
  );

  test('an inference gives all outputs, or those asked for, and the id back', async () => {
    const whole = await answer(post('/v2/models/model/infer', { id: 'a', inputs: [tensor] }));
    expect(whole).toMatchObject({ model_name: 'model', model_version: version, id: 'a' });
    expect(whole.outputs.map((output: { name: string }) => output.name)).toEqual([
      'output_label',
      'output_probability',
    ]);
    const some = { inputs: [tensor], outputs: [{ name: 'output_label' }] };
    const { outputs } = await answer(post(`/v2/models/model/versions/${version}/infer`, some));
    expect(outputs).toEqual([{ name: 'output_label', datatype: 'INT64', shape: [1], data: [0] }]);
  });
});

describe('records', () => {
  const expected = {
    label: 'malignant',
    probabilities: { malignant: expect.closeTo(0.9995, 3), benign: expect.closeTo(0.0005, 3) },
  };

  test('one record has one result, an array an array', async () => {
    expect(await answer(post('/', record), scored)).toEqual(expected);
    expect(await answer(post('/', [record, record]), scored)).toEqual([expected, expected]);
    expect(await answer(post('/', []), scored)).toEqual([]);
  });

  test.each(['/v1/models/model:predict', '/v1/models/model%3Apredict', '/vertex/predict', '/invocations'])(
    'POST %s takes instances',
    async path => {
      const { predictions } = await answer(post(path, { instances: [features] }));
      expect(predictions).toEqual([
        { output_label: 0, output_probability: { 0: expect.closeTo(0.9995, 3), 1: expect.anything() } },
      ]);
    },
  );

  test.each(['/v1/models/one:predict', '/invocations'])(
    'POST %s: the prediction of one output is its value alone',
    async path => {
      const dir = await pressIdentities(scratch.dir, 'one', [['x', 'y', 'FLOAT', ['N', 2]]]);
      const one = openWith(dir);
      const body = { signature_name: 'serving_default', instances: [[1, 2], { x: [3, 4] }] };
      expect(await answer(post(path, body), one)).toEqual({
        predictions: [
          [1, 2],
          [3, 4],
        ],
      });
      expect(await answer(post('/', { x: [1, 2] }), one)).toEqual({ y: [1, 2] });
    },
  );

  test('the state of the model, as TensorFlow Serving tells it', async () => {
    const status = await answer(get('/v1/models/model'));
    expect(status.model_version_status[0]).toMatchObject({ version, state: 'AVAILABLE' });
    expect(await answer(get(`/v1/models/model/versions/${version}`))).toEqual(status);
  });

  test('SageMaker’s path takes all that the others take', async () => {
    expect(await answer(post('/invocations', record), scored)).toEqual(expected);
    expect((await answer(post('/invocations', { inputs: [tensor] }))).outputs).toHaveLength(2);
  });

  test('rows of CSV, with a header and without', async () => {
    const type = { 'content-type': 'text/csv' };
    const row = features.join(',');
    const plain = await answer(post('/invocations', `${row}\r\n${row}\r\n`, type));
    expect(plain.map((result: { output_label: number }) => result.output_label)).toEqual([0, 0]);
    const headed = `${Object.keys(record).join(',')}\n${row}`;
    // Names that are the score's alone.
    const present = { 'content-type': 'text/csv; charset=utf-8; header=present' };
    expect(await answer(post('/invocations', headed, present), scored)).toEqual([expected]);
    const csv = await scored.http(post('/invocations', headed, { ...present, accept: 'text/csv' }));
    expect(csv.headers['content-type']).toBe('text/csv');
    expect(csv.body).toMatch(/^malignant,0\.999\d+,0\.000\d+\n$/);
  });
});

test('HEAD is GET without its body', async () => {
  const response = await fn.http({ ...get('/v2'), method: 'HEAD' });
  expect(response).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' }, body: '' });
});

test('OPTIONS tells the methods of a path', async () => {
  const response = await fn.http({ ...get('/v2/models/model/infer'), method: 'OPTIONS' });
  expect(response).toEqual({ status: 204, headers: { allow: 'POST, OPTIONS' }, body: '' });
});
