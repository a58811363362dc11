import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { typesCommand } from '../../lib/cli/types.ts';
import { TensorProtoSchema } from '../../lib/model/onnx_pb.ts';
import { encodeModel } from '../../lib/model/write.ts';
import { fileNameOf } from '../../lib/pack/fetch/file-name.ts';
import { nextHop } from '../../lib/pack/fetch/http.ts';
import { lockKey } from '../../lib/pack/fetch/lock-key.ts';
import { type FetchOptions, fetchedModel, fetchModel, verifiedModel } from '../../lib/pack/fetch.ts';
import { changeLock, LOCK_FILE } from '../../lib/pack/lock.ts';
import { pack } from '../../lib/pack/pack.ts';
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
  expect(await fetchedModel(urlOf(), options)).toEqual({ path: fetched.path, sha256 });
  expect(requests).toHaveLength(1);
  expect(readdirSync(options.cacheDir)).toEqual([`model-${sha256}`]);
});

test('what else stands in the lock stays', async () => {
  writeFileSync(
    options.lockPath,
    JSON.stringify({ tuned: { [wrong]: {} }, models: { 'https://b/': { sha256: wrong, sizeBytes: 1 } } }),
  );
  answer = serving(bytes);
  await fetchModel(urlOf(), { ...options, sha256 });
  expect(Object.keys(lock().models)).toEqual([urlOf(), 'https://b/']);
  expect(lock().tuned).toEqual({ [wrong]: {} });
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

test('retries a busy store', async () => {
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
  ['no path', 'MODEL_URL_INVALID', 'cannot be fetched', serving(bytes), { sha256 }, ''],
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
    hint: expect.stringMatching(/^npx coldpress fetch \S/),
  });
  expect(requests).toEqual([]);
});

test('a file that changed in the cache is fetched anew, and not packed before', async () => {
  answer = serving(bytes);
  const { path } = await fetchModel(urlOf(), { ...options, sha256 });
  const damaged = Buffer.from(bytes);
  damaged[damaged.length - 1]! ^= 1;
  writeFileSync(path, damaged);
  const cwd = dirname(options.lockPath);
  const env = { ...process.env, COLDPRESS_CACHE_DIR: options.cacheDir };
  await expect(pack({ cwd, env, model: urlOf() })).rejects.toMatchObject({ code: 'MODEL_DAMAGED' });
  await expect(verifiedModel(urlOf(), options)).rejects.toMatchObject({ code: 'MODEL_DAMAGED' });
  expect(await fetchModel(urlOf(), options)).toMatchObject({ hit: false, sha256 });
  expect(readFileSync(path).equals(bytes)).toBe(true);
});

test('two fetches of one URL at once end with one file and one hash', async () => {
  let served = 0;
  answer = (_, response) => {
    served += 1;
    response.writeHead(200, { etag: '"1"', 'content-length': bytes.length });
    response.write(bytes.subarray(0, 50_000), () =>
      setTimeout(() => response.end(bytes.subarray(50_000)), 200),
    );
  };
  const other = { ...options, lockPath: join(dirname(options.lockPath), 'other.lock.json') };
  const both = [options, other].map(each => fetchModel(urlOf(), { ...each, sha256 }));
  const [first, second] = await Promise.all(both);
  expect(first!.path).toBe(second!.path);
  expect([first!.hit, second!.hit].sort()).toEqual([false, true]);
  expect(served).toBe(1);
  expect(readFileSync(first!.path).equals(bytes)).toBe(true);
  expect(readdirSync(options.cacheDir)).toEqual([`model-${sha256}`]);
});

test('many changes of one lock at once are all kept', async () => {
  const urls = Array.from({ length: 20 }, (_, index) => `https://example.org/${index}`);
  await Promise.all(
    urls.map(url =>
      changeLock(options.lockPath, changed => {
        changed.models = { ...changed.models, [url]: { sha256, sizeBytes: 1 } };
      }),
    ),
  );
  expect(Object.keys(lock().models)).toHaveLength(20);
  expect(readdirSync(dirname(options.lockPath))).toEqual([LOCK_FILE]);
});

test.each([
  'null',
  '[]',
  '"text"',
  '{',
  '{"models":null}',
  '{"models":{"https://example.org/":{"sha256":"/../../plant","sizeBytes":1}}}',
  `{"models":{"https://example.org/":{"sha256":"${wrong.toUpperCase()}A","sizeBytes":1}}}`,
  `{"models":{"https://example.org/":{"sha256":"${wrong}","sizeBytes":-1}}}`,
  `{"models":{"https://example.org/":{"sha256":"${wrong}"}}}`,
  `{"tuned":{"${wrong}":{"x64":{"mode":"cold","onnxruntime":"1","session":{"intraOpNumThreads":"2"}}}}}`,
])('a lock of %s is refused', async content => {
  writeFileSync(options.lockPath, content);
  await expect(fetchedModel('https://example.org/m.onnx', options)).rejects.toMatchObject({
    code: 'LOCK_INVALID',
  });
});

test.each<[string, Answer]>([
  [
    'a part that was not asked for',
    (_, response) =>
      response.writeHead(206, { 'content-range': 'bytes 1000000000-1000000009/2000000000' }).end('x'),
  ],
  ['a part without a range', (_, response) => response.writeHead(206).end(bytes)],
  [
    'more than a model can have',
    (_, response) => {
      response.writeHead(200, { 'content-length': 2 ** 40 }).write('x');
    },
  ],
  [
    'a body without end',
    (_, response) => {
      const more = () => void (response.writable && response.write(bytes, more));
      more();
    },
  ],
  ['redirects without end', (_, response) => response.writeHead(302, { location: '/again' }).end()],
  [
    'a redirect to a file',
    (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  ],
  ['a redirect to nothing', (_, response) => response.writeHead(302, { location: 'https://[' }).end()],
])('%s is not heard to its end', async (_, answers) => {
  answer = answers;
  const pinned = { models: { [urlOf()]: { sha256, sizeBytes: bytes.length } } };
  writeFileSync(options.lockPath, JSON.stringify(pinned));
  await expect(fetchModel(urlOf(), options)).rejects.toMatchObject({ code: 'MODEL_FETCH_FAILED' });
  expect(readdirSync(options.cacheDir)).toEqual([]);
  server.closeAllConnections();
});

test.each([
  ['https://a/m', '/n', 'https://a/n'],
  ['https://a/m', 'https://b/n', 'https://b/n'],
  ['http://a/m', 'https://b/n', 'https://b/n'],
  ['http://a/m', 'http://b/n', 'http://b/n'],
  ['https://a/m', 'http://b/n', 'without TLS'],
  ['https://a/m', 'ftp://b/n', 'ftp:'],
  ['https://a/m', 'https://user:secret@b/n', 'password'],
])('%s redirects to %s: %s', (from, location, expected) => {
  const hop = () => nextHop(new URL(from), location).href;
  if (expected.startsWith('http')) {
    expect(hop()).toBe(expected);
  } else {
    expect(hop).toThrow(expected);
  }
});

test.each([
  ['/m.onnx', 'm.onnx'],
  ['/a%20b/caf%C3%A9.onnx', 'caf-.onnx'],
  [`/${'m'.repeat(300)}.onnx`, `${'m'.repeat(100)}.onnx`],
  ['/.onnx', 'model.onnx'],
  ['/..onnx', 'model.onnx'],
  ['/resolve/%2e%2e%2f', 'model.onnx'],
  ['/.hidden', 'hidden'],
  ['/', 'model.onnx'],
])('the file of %s is %s', (path, name) => {
  expect(fileNameOf(new URL(`https://a${path}`))).toBe(name);
});

test.each([
  ['https://a/m.onnx', 'https://a/m.onnx'],
  ['https://a/m.onnx?download=true', 'https://a/m.onnx?download=true'],
  ['https://a/m?f=x%2fy&v=1', 'https://a/m?f=x%2fy&v=1'],
  ['https://a/m?X-Amz-Signature=s&versionId=1', 'https://a/m'],
  ['https://a/m?sv=1&se=2&sig=s', 'https://a/m'],
  ...[
    'private_token',
    'access_token',
    'api_key',
    'apikey',
    'API-Key',
    'key',
    'password',
    'auth',
    'jwt',
    'code',
  ].map(name => [`https://a/m?v=1&${name}=s`, 'https://a/m?v=1']),
  ['https://a/m?v=1&t=hf_abcdefgh', 'https://a/m?v=1'],
  ['https://a/m?t=eyJhbGciOi.e30.x', 'https://a/m'],
  ['https://a/m#token=s', 'https://a/m'],
  ['s3://b/m.onnx?versionId=1', 's3://b/m.onnx?versionId=1'],
])('%s stands in the lock as %s', (url, key) => {
  expect(lockKey(url!)).toBe(key);
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
  expect(await fetchedModel(urlOf('/m.onnx?X-Amz-Signature=other'), options)).toMatchObject({ sha256 });
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

test('the types of a model by URL are written next to the config', async () => {
  answer = serving(bytes);
  await fetchModel(urlOf(), { ...options, sha256 });
  const cwd = dirname(options.lockPath);
  vi.spyOn(process, 'cwd').mockReturnValue(cwd);
  vi.stubEnv('COLDPRESS_CACHE_DIR', options.cacheDir);
  vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    await typesCommand().parseAsync(['node', 'types', urlOf()]);
  } finally {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  }
  expect(readFileSync(join(cwd, 'churn.onnx.d.ts'), 'utf8')).toContain("x: { datatype: 'FP32'");
});
