import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lambdaPayloadBytes } from '../../lib/contract/platforms.ts';
import { hostOf } from '../../lib/local/host.ts';
import { invokeOnce } from '../../lib/local/invoke.ts';
import { serveArtifact } from '../../lib/local/serve.ts';
import { pack } from '../../lib/pack/pack.ts';
import { folder, run } from '../cli/coldpress.ts';
import { doubling } from '../model/doubling.ts';
import { makeScratch } from './pack-example.ts';

/** Functions that stream their answers, from the packed artifact, by either runtime client. */

const scratch = makeScratch();
const host = hostOf(process);
const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
const files: Record<string, string> = {};

beforeAll(async () => {
  const cwd = folder('streaming');
  writeFileSync(join(cwd, 'model.onnx'), doubling());
  writeFileSync(
    join(cwd, 'score.ts'),
    `import { defineScore, RequestError, tensor } from 'coldpress/runtime';
    export default defineScore({
      encode(records) {
        if (records.some(({ x }) => x === 'broken')) throw new Error('SECRET');
        if (records.some(({ x }) => !Array.isArray(x))) throw new RequestError(422, 'NO_X', 'x is no array');
        return { x: tensor('FP32', [records.length, 2], records.flatMap(({ x }) => x)) };
      },
      decode: ({ y }, records) => records.map(({ fill = 0 }, i) => ({ y: y.data[2 * i], fill: '"'.repeat(fill) })),
    });`,
  );
  const config = { model: 'model.onnx', score: 'score.ts', name: 'doubling' };
  for (const [name, more] of Object.entries({
    buffered: {},
    streaming: { http: { streaming: true } },
    gcf: { target: 'gcf' },
  })) {
    writeFileSync(join(cwd, 'config.mjs'), `export default ${JSON.stringify({ ...config, ...more })};`);
    const out = join(scratch, name);
    await pack({
      cwd,
      env: process.env,
      config: 'config.mjs',
      out,
      arch: name === 'gcf' ? 'x64' : arch,
    });
    files[name] = out;
  }
}, 120_000);

const record = { x: [1, 2] };
const lines = [record, { x: 1 }, { x: 'broken' }, '', '{', { x: [3, 4] }]
  .map(line => (typeof line === 'string' ? line : JSON.stringify(line)))
  .join('\r\n');
const answers = [
  { row: 1, result: { y: 2, fill: '' } },
  { row: 2, error: { code: 'NO_X', message: 'x is no array' } },
  { row: 3, error: { code: 'INTERNAL', message: 'internal error' } },
  { row: 4, error: { code: 'JSON', message: expect.stringMatching(/not JSON/) } },
  { row: 5, result: { y: 6, fill: '' } },
];

const jsonLines = (type: string, body: string) => ({
  method: 'POST',
  headers: { 'content-type': type, 'accept-encoding': 'identity' },
  body,
});
const parseLines = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line));

describe.each([
  { name: 'streaming', runtimeClient: 'aws-lambda-ric', streams: true },
  { name: 'streaming', runtimeClient: 'coldpress', streams: true },
  { name: 'buffered', runtimeClient: 'aws-lambda-ric', streams: false },
  { name: 'gcf', runtimeClient: undefined, streams: true },
] as const)('$name, $runtimeClient', ({ name, runtimeClient, streams }) => {
  let served: Awaited<ReturnType<typeof serveArtifact>>;
  beforeAll(async () => {
    served = await serveArtifact(files[name]!, {
      host,
      port: 0,
      env: {},
      ...(runtimeClient && { runtimeClient }),
    });
  });
  afterAll(() => served.close());
  const ask = (path: string, init?: RequestInit) => fetch(served.url + path, init);

  test.each([
    ['/', 'application/jsonl'],
    ['/', 'application/x-ndjson; charset=utf-8'],
    ['/invocations', 'application/jsonlines'],
  ])('JSON Lines at %s as %s', async (path, type) => {
    const response = await ask(path, jsonLines(type, lines));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type.split(';')[0]);
    expect(parseLines(await response.text())).toEqual(answers);
  });

  test('no lines: no answers', async () => {
    const response = await ask('/', jsonLines('application/jsonl', '\n\n'));
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  test('what is refused whole', async () => {
    const refused = async (init: RequestInit) => (await ask('/', { method: 'POST', ...init })).status;
    expect(
      await refused({
        ...jsonLines('application/jsonl', lines),
        headers: {
          'content-type': 'application/jsonl',
          accept: 'text/html',
        },
      }),
    ).toBe(406);
    expect(await refused(jsonLines('application/jsonl; charset=utf-16', lines))).toBe(415);
    const notUtf8 = { headers: { 'content-type': 'application/jsonl' }, body: Uint8Array.of(0xff) };
    expect(await refused(notUtf8)).toBe(400);
  });

  test(`10 MB of lines: ${streams ? 'answered' : 'refused'}`, async () => {
    const body = `${JSON.stringify({ ...record, fill: 10_000 })}\n`.repeat(1000);
    const response = await ask('/', jsonLines('application/jsonl', body));
    const text = await response.text();
    expect(response.status, text.slice(0, 200)).toBe(streams ? 200 : 413);
    if (streams) {
      expect(parseLines(text).map(({ row }) => row)).toEqual(
        Array.from({ length: 1000 }, (_, index) => index + 1),
      );
    }
  });

  test(`10 MB in one answer: ${streams ? 'answered' : 'refused'}`, async () => {
    const response = await ask('/', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'accept-encoding': 'identity' },
      body: JSON.stringify(Array(10).fill({ ...record, fill: 500_000 })),
    });
    const { length } = await response.text();
    expect([response.status, length > lambdaPayloadBytes.response]).toEqual(
      streams ? [200, true] : [413, false],
    );
  });

  test('what has no body has its head', async () => {
    const options = await ask('/', { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'POST, GET, HEAD, OPTIONS']);
    expect((await ask('/v2', { method: 'HEAD' })).status).toBe(200);
    expect((await ask('/nowhere')).status).toBe(404);
  });
});

describe('a streaming function hands others their answer whole', () => {
  const http = { method: 'POST', path: '/' };
  const body = { body: JSON.stringify(record), isBase64Encoded: false };
  const result = { y: 2, fill: '' };
  const proxied = { statusCode: 200, answer: result };
  test.each([
    ['a direct invocation', record, { answer: result }],
    [
      'an HTTP API',
      {
        version: '2.0',
        rawPath: '/',
        headers: {},
        requestContext: { domainName: 'a.execute-api.eu-west-1.amazonaws.com', stage: '$default', http },
        ...body,
      },
      proxied,
    ],
    [
      'what asks for readiness',
      { version: '2.0', rawPath: '/', headers: {}, requestContext: { http }, ...body },
      proxied,
    ],
    [
      'a load balancer',
      { httpMethod: 'POST', path: '/', headers: {}, requestContext: { elb: {} }, ...body },
      proxied,
    ],
    [
      'a REST API, which streams',
      {
        httpMethod: 'POST',
        path: '/',
        resource: '/{proxy+}',
        headers: {},
        requestContext: { apiId: 'a', stage: 'prod' },
        ...body,
      },
      proxied,
    ],
    [
      'a queue',
      {
        Records: [
          { messageId: '1', body: '{}', eventSource: 'aws:sqs', attributes: {}, messageAttributes: {} },
        ],
      },
      { answer: { batchItemFailures: [{ itemIdentifier: '1' }] } },
    ],
    ['a failure', { x: 1 }, { functionError: 'Unhandled', answer: { errorType: 'RequestError' } }],
  ])('%s', async (_, event, expected) => {
    const answer = await invokeOnce(files.streaming!, { host, env: {}, event: JSON.stringify(event) });
    expect(answer).toMatchObject(expected);
  });
});

test('batch scores by a streaming function', async () => {
  const cwd = folder('streaming-batch');
  writeFileSync(join(cwd, 'rows.jsonl'), `${JSON.stringify(record)}\n`);
  expect(await run(['batch', files.streaming!, 'rows.jsonl', 'out', '--json'], { cwd })).toMatchObject({
    code: 0,
  });
});

test('a function that does not stream carries none of it', () => {
  const size = (name: string) => statSync(join(files[name]!, 'function/index.mjs')).size;
  expect(size('streaming')).toBeGreaterThan(size('buffered'));
});
