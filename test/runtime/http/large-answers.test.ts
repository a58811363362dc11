import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sageMakerPayloadBytes } from '../../../lib/contract/platforms.ts';
import { pressModel } from '../../../lib/model/press/press.ts';
import { encodeModel } from '../../../lib/model/write.ts';
import { plainServer } from '../../../lib/runtime/http/platform.ts';
import type { HttpPlatform } from '../../../lib/runtime/http/types.ts';
import type { Invocation } from '../../../lib/runtime/platform/invocation.ts';
import { direct } from '../../../lib/runtime/sources/direct.ts';
import { lambdaPlatform } from '../../../lib/runtime/sources/http-lambda.ts';
import { type Dim, graph, model, node, tensorType, value } from '../../model/build-model.ts';
import { makeScratch, openWith, post, readJson } from './models.ts';

const scratch = makeScratch();
const invocation = { remainingMs: () => 60_000, tally: { records: 0, failures: 0 } } as Invocation;

const platforms: Record<string, HttpPlatform> = {
  'AWS Lambda': lambdaPlatform(invocation),
  'a load balancer': lambdaPlatform(invocation, { maxResponseBytes: 2 ** 20 }),
  'Google Cloud': plainServer,
  'a container on SageMaker': { ...plainServer, maxResponseBytes: sageMakerPayloadBytes },
};

/** Of each record, the products of any two elements. The output has the input's names of dimensions, or others. */
async function pressSquare(name: string, engine: 'onnxruntime' | 'compiled', dims: Dim[]): Promise<string> {
  const path = join(scratch.dir, `${name}.onnx`);
  const outDir = join(scratch.dir, `${name}-${engine}`);
  const proto = model(
    graph({
      node: [node('Transpose', ['x'], ['t'], { perm: [0n, 2n, 1n] }), node('Mul', ['x', 't'], ['y'])],
      input: [value('x', tensorType('FLOAT', ['N', 'L', 1]))],
      output: [value('y', tensorType('FLOAT', dims))],
    }),
  );
  writeFileSync(path, Buffer.concat(encodeModel(proto)));
  await pressModel(path, { outDir, arch: 'x64', engine });
  return outDir;
}

afterAll(() => scratch.remove());

const names = { foreseen: ['N', 'L', 'L'], late: ['A', 'B', 'C'] };

describe.each(['onnxruntime', 'compiled'] as const)('%s', engine => {
  const dirs: Record<string, string> = {};
  beforeAll(async () => {
    for (const [name, dims] of Object.entries(names)) {
      dirs[name] = await pressSquare(name, engine, dims);
    }
  });
  const open = (name: string) =>
    openWith(dirs[name]!, { http: { limits: { elements: 2 ** 28, batch: 100 } } });
  const tensor = (length: number, value: (at: number) => number) => ({
    inputs: [
      {
        name: 'x',
        datatype: 'FP32',
        shape: [1, length, 1],
        data: Array.from({ length }, (_, at) => value(at)),
      },
    ],
  });
  const infer = (name: string, body: object, headers = {}) => post(`/v2/models/${name}/infer`, body, headers);

  test.each([
    ...Object.entries(platforms).map(([name, platform]) => ['foreseen', name, platform] as const),
    ['late', 'AWS Lambda', platforms['AWS Lambda']!] as const,
  ])('%s, %s: more than it carries is refused', async (name, _, platform) => {
    const fn = open(name);
    const elements = Math.ceil(Math.sqrt(platform.maxResponseBytes / 2));
    const response = await fn.http(
      infer(
        name,
        tensor(elements + 1, () => 0),
      ),
      platform,
    );
    expect(readJson(response).error).toMatch(/^the answer has at least \d+ bytes, more than .*: send fewer/);
    expect(response.status).toBe(413);
    // Nothing ran where the sizes told.
    expect(fn.model.phases.first === undefined).toBe(name === 'foreseen');
    expect((await fn.http(infer(name, tensor(3, Math.sqrt)), platform)).status).toBe(200);
  });

  test.each(Object.keys(names))(
    '%s: records are refused in the same way, and all of them together',
    async name => {
      const fn = open(name);
      const record = (length: number) => ({ x: Array(length).fill([1 / 7]) });
      for (const body of [record(2000), Array(40).fill(record(300))]) {
        const response = await fn.http(post('/', body), platforms['AWS Lambda']);
        expect(readJson(response).error).toMatch(/the answer has at least \d+ bytes, more than AWS Lambda/);
        expect(response.status).toBe(413);
      }
      const fine = await fn.http(post('/', [record(2), record(300)]), platforms['AWS Lambda']);
      expect(fine.status).toBe(200);
    },
  );

  test('a direct invocation is refused in the same way', async () => {
    const fn = open('foreseen');
    for (const event of [tensor(2000, () => 0), { x: Array(2000).fill([0]) }]) {
      await expect(direct.handle(event, fn, invocation)).rejects.toMatchObject({ code: 'RESPONSE_SIZE' });
    }
    expect(fn.model.phases.first).toBeUndefined();
  });

  test('raw bytes are counted as such', async () => {
    const fn = open('foreseen');
    const ask = async (length: number) => {
      const body = { ...tensor(length, () => 0), parameters: { binary_data_output: true } };
      return (await fn.http(infer('foreseen', body), plainServer)).status;
    };
    expect([await ask(2880), await ask(2900)]).toEqual([200, 413]);
  });

  test('what becomes small when it is compressed is answered', async () => {
    const request = infer(
      'foreseen',
      tensor(2000, () => 0),
      { 'accept-encoding': 'br' },
    );
    const response = await open('foreseen').http(request, platforms['AWS Lambda']);
    expect(response).toMatchObject({ status: 200, headers: { 'content-encoding': 'br' } });
    expect(response.body.length).toBeLessThan(2 ** 20);
  });

  test('elements that are written in parts are all there', async () => {
    const { body } = await open('foreseen').http(
      infer(
        'foreseen',
        tensor(300, at => (at === 0 ? 1e38 : at / 7)),
      ),
    );
    const [output] = JSON.parse(body as string).outputs;
    const roots = Float32Array.from({ length: 300 }, (_, at) => (at === 0 ? 1e38 : at / 7));
    const products = Array.from({ length: 90_000 }, (_, at) =>
      Math.fround(roots[Math.floor(at / 300)]! * roots[at % 300]!),
    );
    expect(output).toEqual({
      name: 'y',
      datatype: 'FP32',
      shape: [1, 300, 300],
      data: products.map(number => (Number.isFinite(number) ? number : String(number))),
    });
  });
});
