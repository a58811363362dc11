import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MODEL_FILE } from '../../lib/contract/files.ts';
import { attributeNames } from '../../lib/model/attributes.ts';
import { pressModel } from '../../lib/model/press/press.ts';
import { readModel } from '../../lib/model/read.ts';
import { openSharedHttp } from '../../lib/runtime/batching/open-shared-http.ts';
import { type ColdpressFunction, openFunction } from '../../lib/runtime/function.ts';
import { type RowModel, writeRowModel } from '../model/rows/row-models.ts';
import { get, type Json, makeScratch, openWith, post, readJson } from './http/models.ts';

/** What a record gets, whoever is beside it, from models that were pressed. */

const scratch = makeScratch();
const names = ['targets', 'states', 'detector', 'centred', 'total', 'noise', 'timeFirst'] as const;
const functions = new Map<RowModel, ColdpressFunction>();
const dirOf = (name: RowModel) => join(scratch.dir, name);

beforeAll(async () => {
  for (const name of names) {
    const path = writeRowModel(name, scratch.dir);
    const { optimisation } = await pressModel(path, {
      outDir: dirOf(name),
      arch: 'x64',
      engine: 'onnxruntime',
    });
    expect(optimisation?.kind).toBe('optimised');
    functions.set(name, openWith(dirOf(name)));
  }
}, 120_000);

afterAll(() => scratch.remove());

async function ask(name: RowModel, path: string, body: unknown, http = functions.get(name)!.http) {
  const response = await http(post(path, body));
  return { status: response.status, body: readJson(response) };
}

const row = (seed: number) => [seed, -2 * seed, seed * seed - 1, 0.5];
const steps = (seed: number) => [row(seed), row(seed + 1), row(seed + 2)];
const rowed: { name: RowModel; records: Json[] }[] = [
  { name: 'targets', records: [1, 2].map(row) },
  // As many records as there are targets, layers or steps, and others.
  { name: 'targets', records: [1, 2, 3, 4, 5].map(row) },
  { name: 'states', records: [1, 2, 3].map(steps) },
  { name: 'states', records: [1].map(steps) },
  { name: 'centred', records: [1, 900, -4].map(row) },
  { name: 'total', records: [1, 2, 3].map(row) },
];

describe.each(rowed)('$name, $records.length records', ({ name, records }) => {
  const input = () => functions.get(name)!.model.signature.inputs[0]!.name;
  const asked = () => records.map(record => ({ [input()]: record }));

  test('together get what each gets alone', async () => {
    const alone = [];
    for (const record of asked()) {
      const { status, body } = await ask(name, '/', record);
      expect(status).toBe(200);
      alone.push(body);
    }
    const together = await ask(name, '/', asked());
    expect(together.status).toBe(200);
    expect(near(together.body)).toEqual(near(alone));
  });

  test('of as many callers get what each gets alone', async () => {
    const { http } = openFunction(dirOf(name), undefined, {
      open: options => openSharedHttp({ ...options, env: {} }),
    });
    const expected = [];
    for (const record of asked()) {
      expected.push((await ask(name, '/', record)).body);
    }
    const answers = await Promise.all(asked().map(record => ask(name, '/', record, http)));
    expect(near(answers.map(({ body }) => body))).toEqual(near(expected));
    const tensors = (record: Json) => {
      const { shape, datatype, rowAxis } = functions.get(name)!.model.signature.inputs[0]!;
      const dims = [record.length, ...(Array.isArray(record[0]) ? [record[0].length] : [])];
      expect(dims.length + 1).toBe(shape!.length);
      return {
        inputs: [{ name: input(), datatype, shape: dims.toSpliced(rowAxis!, 0, 1), data: record.flat() }],
      };
    };
    const path = `/v2/models/${name}/infer`;
    const single = [];
    for (const record of records) {
      single.push((await ask(name, path, tensors(record))).body.outputs);
    }
    const shared = await Promise.all(records.map(record => ask(name, path, tensors(record), http)));
    expect(near(shared.map(({ body }) => body.outputs))).toEqual(near(single));
  });
});

/** Sums of another order differ in the last bits. */
function near(value: Json): Json {
  return JSON.parse(JSON.stringify(value), (_, part) =>
    typeof part === 'number' && !Number.isInteger(part) ? Number(part.toFixed(5)) : part,
  );
}

describe('a detector', () => {
  const image = (found: number) =>
    [0, 1].map(index => (index < found ? [1, 2, 3, index + 4] : [-1, -1, -1, -1]));

  test.each([
    { found: 0, boxes: [], scores: [] },
    { found: 1, boxes: [[1, 2, 3, 4]], scores: [4] },
    {
      found: 2,
      boxes: [
        [1, 2, 3, 4],
        [1, 2, 3, 5],
      ],
      scores: [4, 5],
    },
  ])('of $found objects answers in one form', async ({ found, boxes, scores }) => {
    const { body } = await ask('detector', '/', { image: image(found) });
    expect(body).toEqual({ boxes, scores });
  });

  test('answers each of several images with its own', async () => {
    const { body } = await ask('detector', '/', [{ image: image(1) }, { image: image(0) }]);
    expect(body).toEqual([
      { boxes: [[1, 2, 3, 4]], scores: [4] },
      { boxes: [], scores: [] },
    ]);
  });
});

test('a model that answers differently each time is ready when it is open', async () => {
  const { http, model } = functions.get('noise')!;
  expect(model.manifest.golden).toEqual({ kept: false, reason: expect.stringMatching(/differently/) });
  // What its proof compared had seeds; what is packed has none.
  const pressed = await readModel(join(dirOf('noise'), MODEL_FILE));
  const nodes = pressed.format === 'onnx' ? pressed.proto.graph!.node : [];
  expect(nodes.map(({ opType }) => opType)).toContain('RandomNormalLike');
  expect(nodes.flatMap(attributeNames)).not.toContain('seed');
  for (const path of ['/v2/health/ready', '/ping', '/v2/models/noise/ready']) {
    expect((await http(get(path))).status).toBe(200);
  }
});

test('a dimension that was not proven empty is refused by name', async () => {
  const tensor = { name: 'x', datatype: 'FP32', shape: [0, 4], data: [] };
  const noRecords = { ...tensor, shape: [3, 0, 4] };
  const refused = await ask('timeFirst', '/v2/models/timeFirst/infer', { inputs: [noRecords] });
  expect(refused.status).toBe(400);
  expect(refused.body.error).toMatch(/input "x", dimension 1 is 0/);
  const taken = await ask('total', '/v2/models/total/infer', { inputs: [tensor] });
  expect(taken.status).toBe(200);
});
