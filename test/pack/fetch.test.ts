import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TensorProtoSchema } from '../../lib/model/onnx_pb.ts';
import { encodeModel } from '../../lib/model/write.ts';
import { type FetchOptions, fetchedModel, fetchModel } from '../../lib/pack/fetch.ts';
import { LOCK_FILE } from '../../lib/pack/lock.ts';
import { floats, graph, model as modelOf, node, tensorType, value } from '../model/build-model.ts';

const edge = (name: string) => [value(name, tensorType('FLOAT', [50_000]))];
const weights = floats(
  'w',
  [50_000],
  Float32Array.from({ length: 50_000 }, (_, index) => index),
);
const proto = modelOf(
  graph({
    node: [node('Add', ['x', 'w'], ['y'])],
    input: edge('x'),
    output: edge('y'),
    initializer: [weights],
  }),
);
const bytes = Buffer.concat(encodeModel(proto));
const sha256 = createHash('sha256').update(bytes).digest('hex');
const wrong = '0'.repeat(64);

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let answer: Answer;
let requests: { url: string; range: string | undefined }[] = [];
let options: FetchOptions;
const server = createServer((request, response) => {
  requests.push({ url: request.url!, range: request.headers.range });
  answer(request, response);
});

beforeEach(async () => {
  const dir = mkdtempSync(join(tmpdir(), 'coldpress-fetch-'));
  options = { cacheDir: join(dir, 'cache'), lockPath: join(dir, LOCK_FILE) };
  requests = [];
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => new Promise<unknown>(resolve => server.close(resolve)));

const urlOf = (path = '/models/churn.onnx') =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
const lock = () => JSON.parse(readFileSync(options.lockPath, 'utf8'));

/** A server of one file that knows ranges; the first answer breaks off after `cutAfter` bytes. */
function serving(content: Buffer, { cutAfter = Infinity, tag = '"1"' } = {}): Answer {
  let cut = cutAfter;
  return (request, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const from = request.headers['if-range'] === tag ? start : 0;
    const rest = content.subarray(from);
    response.writeHead(from === 0 ? 200 : 206, {
      etag: tag,
      'content-length': rest.length,
      ...(from === 0 ? {} : { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` }),
    });
    if (cut >= rest.length) {
      return void response.end(rest);
    }
    // Time for what was sent to be kept, on a busy machine, too.
    response.write(rest.subarray(0, cut), () => setTimeout(() => response.destroy(), 500));
    cut = Infinity;
  };
}

test('fetched once, verified, pinned; packing then finds it without the network', async () => {
  answer = serving(bytes);
  const fetched = await fetchModel(urlOf(), { ...options, sha256: sha256.toUpperCase() });
  expect(fetched).toMatchObject({ sha256, sizeBytes: bytes.length, hit: false, isNewlyPinned: false });
  expect(basename(fetched.path)).toBe('churn.onnx');
  expect(lock()).toEqual({ models: { [urlOf()]: { sha256, sizeBytes: bytes.length } } });

  answer = (_, response) => response.destroy();
  expect(await fetchModel(urlOf(), options)).toMatchObject({ path: fetched.path, hit: true });
  expect(await fetchedModel(urlOf(), options)).toBe(fetched.path);
  expect(requests).toHaveLength(1);
  expect(readdirSync(options.cacheDir)).toEqual([`model-${sha256}`]);
});

test('what else stands in the lock stays', async () => {
  writeFileSync(
    options.lockPath,
    JSON.stringify({ tuned: { a: {} }, models: { 'https://b/': { sha256: wrong, sizeBytes: 1 } } }),
  );
  answer = serving(bytes);
  await fetchModel(urlOf(), { ...options, sha256 });
  expect(Object.keys(lock().models)).toEqual([urlOf(), 'https://b/']);
  expect(lock().tuned).toEqual({ a: {} });
});

test('a connection that breaks is taken up where it ended', async () => {
  answer = serving(bytes, { cutAfter: 70_000 });
  expect(await fetchModel(urlOf(), { ...options, sha256 })).toMatchObject({ sha256 });
  expect(requests.map(({ range }) => range)).toEqual([undefined, 'bytes=70000-']);
});

test('another run takes it up, too', async () => {
  answer = serving(bytes, { cutAfter: 70_000 });
  const stopping = new AbortController();
  const onProgress = () => stopping.abort(new Error('stopped'));
  await expect(
    fetchModel(urlOf(), { ...options, sha256, onProgress, signal: stopping.signal }),
  ).rejects.toThrow('stopped');
  answer = serving(bytes);
  await fetchModel(urlOf(), { ...options, sha256 });
  expect(requests.at(-1)!.range).toMatch(/^bytes=\d+-$/);
});

test('a file that changed meanwhile is fetched from its beginning', async () => {
  const first = serving(Buffer.alloc(bytes.length, 1), { cutAfter: 70_000, tag: '"old"' });
  const second = serving(bytes, { tag: '"new"' });
  answer = (request, response) => (requests.length === 1 ? first : second)(request, response);
  expect(await fetchModel(urlOf(), { ...options, sha256 })).toMatchObject({ sha256 });
});

test('a redirect is followed', async () => {
  const file = serving(bytes);
  answer = (request, response) =>
    request.url === '/old'
      ? response.writeHead(302, { location: '/models/churn.onnx' }).end()
      : file(request, response);
  expect(await fetchModel(urlOf('/old'), { ...options, sha256 })).toMatchObject({ sha256 });
});

test('a store that is busy is asked again', async () => {
  const file = serving(bytes);
  answer = (request, response) =>
    requests.length < 3 ? response.writeHead(503).end() : file(request, response);
  expect(await fetchModel(urlOf(), { ...options, sha256 })).toMatchObject({ sha256 });
});

test.each<[string, string, string, Answer, Partial<FetchOptions>, string]>([
  ['another file', 'MODEL_HASH_MISMATCH', sha256, serving(bytes), { sha256: wrong }, '/m.onnx'],
  [
    'no file',
    'MODEL_FETCH_FAILED',
    '404',
    (_, response) => response.writeHead(404).end(),
    { sha256 },
    '/m.onnx',
  ],
  [
    'no right',
    'MODEL_FETCH_FAILED',
    '403',
    (_, response) => response.writeHead(403).end(),
    { sha256 },
    '/m.onnx',
  ],
  [
    'an error page',
    'MODEL_IS_HTML',
    '/m.onnx',
    serving(Buffer.from('<!DOCTYPE html><html><body>log in</body></html>')),
    {},
    '/m.onnx',
  ],
  ['no hash without TLS', 'MODEL_URL_INVALID', 'TLS', serving(bytes), {}, '/m.onnx'],
  ['half a hash', 'MODEL_HASH_INVALID', 'abc', serving(bytes), { sha256: 'abc' }, '/m.onnx'],
  ['no path', 'MODEL_URL_INVALID', 'nothing that', serving(bytes), { sha256 }, ''],
])('refused: %s', async (name, code, part, answers, given, path) => {
  answer = answers;
  const hash =
    name === 'an error page'
      ? createHash('sha256').update('<!DOCTYPE html><html><body>log in</body></html>').digest('hex')
      : undefined;
  const failure = await fetchModel(urlOf(path), {
    ...options,
    ...given,
    ...(hash === undefined ? {} : { sha256: hash }),
  }).catch(error => error);
  expect(failure).toMatchObject({ name: 'ColdpressError', code });
  expect(failure.message).toContain(part);
  expect(failure.hint).not.toBe('');
  expect(existsSync(options.lockPath)).toBe(false);
});

test('packing asks for a fetch, and asks nobody else', async () => {
  answer = serving(bytes);
  await expect(fetchedModel(urlOf(), { ...options, sha256 })).rejects.toMatchObject({
    code: 'MODEL_NOT_FETCHED',
    hint: 'npx coldpress fetch',
  });
  expect(requests).toEqual([]);
});

test('a hash that the config changes is fetched anew', async () => {
  answer = serving(bytes);
  await fetchModel(urlOf(), { ...options, sha256 });
  await expect(fetchedModel(urlOf(), { ...options, sha256: wrong })).rejects.toMatchObject({
    code: 'MODEL_NOT_FETCHED',
  });
});

test('a presigned URL leaves no signature in the lock', async () => {
  answer = serving(bytes);
  await fetchModel(urlOf('/m.onnx?X-Amz-Signature=secret'), { ...options, sha256 });
  expect(Object.keys(lock().models)).toEqual([urlOf('/m.onnx')]);
  expect(await fetchedModel(urlOf('/m.onnx?X-Amz-Signature=other'), options)).toContain(sha256);
});

test('a model in two files is not fetched', async () => {
  const external = create(TensorProtoSchema, {
    name: 'w',
    dims: [4n],
    dataType: 1,
    dataLocation: 1,
    externalData: [{ key: 'location', value: 'w.data' }],
  });
  const split = modelOf(graph({ node: [], input: edge('x'), output: edge('x'), initializer: [external] }));
  const content = Buffer.concat(encodeModel(split));
  answer = serving(content);
  const hash = createHash('sha256').update(content).digest('hex');
  await expect(fetchModel(urlOf(), { ...options, sha256: hash })).rejects.toMatchObject({
    code: 'MODEL_EXTERNAL_DATA',
  });
});

test.each([
  ['s3://bucket/models/churn.onnx', /^\/bucket\/models\/churn\.onnx/],
  ['gs://bucket/models/churn.onnx', /^\/storage\/v1\/b\/bucket\/o\/models%2Fchurn\.onnx\?alt=media/],
])('%s, resumed', async (url, path) => {
  vi.stubEnv('AWS_ENDPOINT_URL_S3', urlOf(''));
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  // As Google's own emulators are named, without a scheme.
  vi.stubEnv('STORAGE_EMULATOR_HOST', new URL(urlOf('')).host);
  const file = serving(bytes, { cutAfter: 70_000 });
  answer = (request, response) => {
    request.headers['if-range'] ??= request.headers['if-match'];
    file(request, response);
  };
  expect(await fetchModel(url, options)).toMatchObject({ sha256, isNewlyPinned: true });
  expect(requests.map(request => [path.test(request.url), request.range])).toEqual([
    [true, undefined],
    [true, 'bytes=70000-'],
  ]);
  vi.unstubAllEnvs();
});
