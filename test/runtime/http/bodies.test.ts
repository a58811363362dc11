import { brotliCompressSync, brotliDecompressSync, deflateSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ColdpressFunction } from '../../../lib/runtime/function.ts';
import type { HttpRequest, HttpResponse } from '../../../lib/runtime/http/types.ts';
import { goodInputs } from './good-inputs.ts';
import { echoes, makeScratch, openWith, post, pressEcho, readJson } from './models.ts';

const scratch = makeScratch();
let fn: ColdpressFunction;

beforeAll(async () => {
  fn = openWith(await pressEcho(scratch.dir));
});

afterAll(() => scratch.remove());

const infer = '/v2/models/echo/infer';
const text = JSON.stringify({ inputs: goodInputs() });

function dataOf(response: HttpResponse): unknown[] {
  expect([response.status, String(response.body).slice(0, 300)]).toEqual([200, expect.anything()]);
  return readJson(response).outputs.map((output: { data: unknown }) => output.data);
}

const expected = goodInputs().map(input => input.data);

const sent: [string, HttpRequest][] = [
  ['text', post(infer, text)],
  ['bytes', post(infer, Buffer.from(text))],
  ['text with a byte order mark', post(infer, `\ufeff${text}`)],
  ['gzip', post(infer, gzipSync(text), { 'content-encoding': 'gzip' })],
  ['brotli', post(infer, brotliCompressSync(text), { 'content-encoding': 'BR' })],
  ['deflate', post(infer, deflateSync(text), { 'content-encoding': 'deflate' })],
  ['JSON of a kind', post(infer, text, { 'content-type': 'application/vnd.kserve+json; charset=UTF-8' })],
  ['no type', { ...post(infer, text), headers: {} }],
];

test.each(sent)('%s is taken', async (_, request) => {
  expect(dataOf(await fn.http(request))).toEqual(expected);
});

test('null stands for what a client has not', async () => {
  const inputs = goodInputs().map(input => ({ ...input, parameters: null }));
  const response = await fn.http(post(infer, { id: null, parameters: null, outputs: null, inputs }));
  expect(dataOf(response)).toEqual(expected);
  expect(readJson(response)).not.toHaveProperty('id');
});

describe('an answer is compressed', () => {
  const large = {
    inputs: goodInputs().map(input =>
      input.name === 'texts' ? { ...input, shape: [300], data: Array(300).fill('the same text') } : input,
    ),
  };

  test.each([
    ['gzip', 'gzip', gunzipSync],
    ['br', 'gzip;q=0.8, br', brotliDecompressSync],
    ['br', '*', brotliDecompressSync],
  ] as const)('as %s for %s', async (encoding, accepted, inflate) => {
    const response = await fn.http(post(infer, large, { 'accept-encoding': accepted }));
    expect(response.headers).toMatchObject({ 'content-encoding': encoding, vary: 'accept-encoding' });
    const { outputs } = JSON.parse(inflate(response.body as Uint8Array).toString());
    expect(outputs[7].data).toHaveLength(300);
  });

  test.each(['identity', 'gzip;q=0', 'zstd', '', ' ', undefined])('not for %j', async accepted => {
    const response = await fn.http(post(infer, large, { 'accept-encoding': accepted }));
    expect(response.headers).not.toHaveProperty('content-encoding');
  });

  test('not when it is small', async () => {
    const response = await fn.http(post(infer, text, { 'accept-encoding': 'gzip' }));
    expect(response.headers).not.toHaveProperty('content-encoding');
  });
});

/** The elements of the good request as raw bytes, by name. */
const raw: Record<string, Uint8Array> = Object.fromEntries([
  ['flags', Uint8Array.of(1, 0)],
  ['ids', new Uint8Array(BigInt64Array.of(1n, 2n ** 63n - 1n).buffer)],
  ['sizes', new Uint8Array(BigUint64Array.of(0n, 2n ** 64n - 1n).buffer)],
  ['bytes', Uint8Array.of(0, 255)],
  ['halves', new Uint8Array(Uint16Array.of(0x3800, 0x7e00).buffer)],
  ['pairs', new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer)],
  ['doubles', new Uint8Array(Float64Array.of(0.1, Number.NEGATIVE_INFINITY).buffer)],
  ['texts', Buffer.from('\x01\0\0\0a\x03\0\0\0<b>', 'latin1')],
  ['one', new Uint8Array(Float32Array.of(7).buffer)],
  ['__proto__', new Uint8Array(Int32Array.of(3, 4).buffer)],
  ['then', new Uint8Array(Int32Array.of(3, 4).buffer)],
]);

/** @param names - the inputs that travel as raw bytes; the others stay JSON */
function mixed(names: string[], parameters: object = {}, outputs: object[] = []): HttpRequest {
  const inputs = goodInputs().map(({ data, ...input }) =>
    names.includes(input.name)
      ? { ...input, parameters: { binary_data_size: raw[input.name]!.byteLength } }
      : { ...input, data },
  );
  const head = Buffer.from(JSON.stringify({ inputs, outputs, parameters }));
  const parts = goodInputs()
    .filter(input => names.includes(input.name))
    .map(input => raw[input.name]!);
  const headers = {
    'content-type': 'application/octet-stream',
    'inference-header-content-length': String(head.length),
  };
  return post(infer, Buffer.concat([head, ...parts]), headers);
}

describe('binary tensors', () => {
  const all = echoes.map(([name]) => name);

  test.each([[all], [['texts']], [['ids', 'halves', 'one']]])('%j come as raw bytes', async names => {
    expect(dataOf(await fn.http(mixed(names)))).toEqual(expected);
  });

  test('all outputs go as raw bytes', async () => {
    const response = await fn.http(mixed(all, { binary_data_output: true }));
    const body = Buffer.from(response.body as Uint8Array);
    const length = Number(response.headers['inference-header-content-length']);
    expect(response.headers['content-type']).toBe('application/octet-stream');
    let rest = body.subarray(length);
    for (const { name, data, parameters } of JSON.parse(body.subarray(0, length).toString()).outputs) {
      expect(data).toBeUndefined();
      const size = parameters.binary_data_size;
      expect([name, [...rest.subarray(0, size)]]).toEqual([name, [...raw[name.slice(0, -1)]!]]);
      rest = rest.subarray(size);
    }
    expect(rest).toHaveLength(0);
  });

  test('one output goes as raw bytes, or all but one', async () => {
    const one = { name: 'pairs!', parameters: { binary_data: true } };
    const response = await fn.http(mixed([], {}, [one, { name: 'ids!' }]));
    const length = Number(response.headers['inference-header-content-length']);
    const body = Buffer.from(response.body as Uint8Array);
    expect(JSON.parse(body.subarray(0, length).toString()).outputs).toMatchObject([
      { name: 'pairs!', parameters: { binary_data_size: 16 } },
      { name: 'ids!', data: expected[1] },
    ]);
    const none = await fn.http(
      mixed([], { binary_data_output: true }, [{ name: 'ids!', parameters: { binary_data: false } }]),
    );
    expect(dataOf(none)).toEqual([expected[1]]);
  });

  const refused: [string, (request: HttpRequest) => HttpRequest, RegExp][] = [
    [
      'bytes after the last tensor',
      request => ({ ...request, body: Buffer.concat([request.body as Buffer, Buffer.alloc(1)]) }),
      /1 byte after the last binary tensor/,
    ],
    [
      'bytes that are missing',
      request => ({ ...request, body: (request.body as Buffer).subarray(0, -1) }),
      /input "then" has binary_data_size 8; the body has 7 bytes/,
    ],
    [
      'a header that is none',
      request => ({ ...request, headers: { ...request.headers, 'inference-header-content-length': '-1' } }),
      /header inference-header-content-length is "-1"/,
    ],
  ];

  test.each(refused)('%s are refused', async (_, spoil, error) => {
    const response = await fn.http(spoil(mixed(all)));
    expect([response.status, readJson(response).error]).toEqual([400, expect.stringMatching(error)]);
  });

  test('a truth that is neither 0 nor 1 is refused', async () => {
    const request = mixed(['flags']);
    (request.body as Buffer)[request.body.length - 1] = 2;
    expect(readJson(await fn.http(request)).error).toMatch(/input "flags", element 1 is 2; expected 0 or 1/);
  });
});
