import { gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { RequestError } from '../../../lib/runtime/errors.ts';
import type { ColdpressFunction } from '../../../lib/runtime/function.ts';
import { plainServer } from '../../../lib/runtime/http/platform.ts';
import type { HttpPlatform, HttpRequest } from '../../../lib/runtime/http/types.ts';
import { defineScore } from '../../../lib/runtime/score/define.ts';
import { goodInputs } from './good-inputs.ts';
import { get, makeScratch, openWith, post, pressEcho, readJson } from './models.ts';

const scratch = makeScratch();
const limits = { bodyBytes: 20_000, batch: 3, depth: 8, stringLength: 100 };
let dir: string;
let fn: ColdpressFunction;

beforeAll(async () => {
  dir = await pressEcho(scratch.dir);
  fn = openWith(dir, { http: { limits } });
});

afterAll(() => scratch.remove());

const infer = '/v2/models/echo/infer';
const good = { inputs: goodInputs() };

/** The good request with one input changed. */
function change(name: string, part: object): object {
  return { inputs: goodInputs().map(input => (input.name === name ? { ...input, ...part } : input)) };
}

const cases: [name: string, request: HttpRequest, status: number, error: RegExp][] = [
  ['nothing there', get('/nothing'), 404, /there is nothing at \/nothing; POST \/ takes records/],
  ['another model', get('/v2/models/other'), 404, /unknown model "other"; this function serves "echo"/],
  ['another version', post('/v2/models/echo/versions/7/infer', good), 404, /unknown version "7" of "echo"/],
  ['the page, which is off', get('/'), 405, /accepts POST, not GET/],
  ['another method', post('/v2', {}), 405, /\/v2 accepts GET, HEAD, not POST/],
  [
    'another answer',
    post(infer, good, { accept: 'text/html, image/*;q=0.5' }),
    406,
    /accept is .*; the answer is application\/json/,
  ],
  ['no answer', post('/', {}, { accept: 'application/json;q=0' }), 406, /accept/],
  [
    'a form',
    post('/', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }),
    415,
    /content-type is .*--json/,
  ],
  [
    'CSV where it is not taken',
    post('/', '1,2', { 'content-type': 'text/csv' }),
    415,
    /content-type is text\/csv; expected application\/json or application\/jsonl \(send CSV to \/invocations\)/,
  ],
  [
    'another charset',
    post('/', '{}', { 'content-type': 'application/json; charset=latin1' }),
    415,
    /charset latin1/,
  ],
  [
    'another encoding',
    post('/', '{}', { 'content-encoding': 'zstd' }),
    415,
    /content-encoding is zstd; expected gzip, br/,
  ],
  [
    'a bomb',
    post('/', gzipSync(Buffer.alloc(1e6)), { 'content-encoding': 'gzip' }),
    413,
    /inflates to more than the 20000/,
  ],
  ['one byte too many', post('/', `[${' '.repeat(19_999)}]`), 413, /body has 20001 bytes; at most 20000/],
  ['too many records', post('/', [1, 2, 3, 4]), 413, /4 records; at most 3/],
  ['too large a batch', post(infer, change('ids', { shape: [4], data: [1, 2, 3, 4] })), 200, /^$/],
  [
    'too large a batch of rows',
    post(infer, change('pairs', { shape: [4, 2], data: Array(8).fill(1) })),
    413,
    /input "pairs", dimension 0 is 4/,
  ],
  [
    'no rows of a vast size',
    post(infer, change('ids', { shape: [2 ** 40], data: [] })),
    413,
    /input "ids", dimension 0/,
  ],
  [
    'too long a string',
    post(infer, change('texts', { data: ['', 'x'.repeat(101)] })),
    413,
    /string of more than the 100 characters/,
  ],
  ['too deep', post('/', `${'['.repeat(9)}${']'.repeat(9)}`), 400, /nested deeper than 8/],
  ['too deep with spaces', post('/', `${'[ '.repeat(9)}${']'.repeat(9)}`), 400, /nested deeper than 8/],
  ['no JSON', post('/', '{"a":'), 400, /body is not JSON/],
  ['no body', post('/', ''), 400, /body is empty/],
  ['no UTF-8', post('/', Buffer.from([0x22, 0xff, 0x22])), 400, /body is not valid UTF-8/],
  ['no object', post(infer, [1]), 400, /body is an array; expected an inference request/],
  [
    'a number beyond a double',
    post(infer, JSON.stringify(change('doubles', { data: [1, 7] })).replace('[1,7]', '[1,-1e400]')),
    400,
    /input "doubles" has a number beyond the range of a double/,
  ],
  [
    'a number beyond a double, nested',
    post(
      infer,
      JSON.stringify(
        change('pairs', {
          data: [
            [1, 2],
            [3, 9],
          ],
        }),
      ).replace('[3,9]', '[3,1e400]'),
    ),
    400,
    /input "pairs" has a number beyond the range of a double/,
  ],
  ['a record with a number beyond a double', post('/', '{"ids":1e400}'), 400, /record 1: ids is a number/],
  ['no inputs', post(infer, {}), 400, /"inputs" is missing/],
  ['an id that is none', post(infer, { ...good, id: [] }), 400, /"id" is an array/],
  [
    'an input twice',
    post(infer, { inputs: [...goodInputs(), goodInputs()[0]] }),
    400,
    /duplicate input "flags"/,
  ],
  [
    'an input of another model',
    post(infer, { inputs: [...goodInputs(), { name: 'x' }] }),
    400,
    /no input "x"/,
  ],
  ['an input missing', post(infer, { inputs: goodInputs().slice(1) }), 400, /input "flags" is missing/],
  [
    'an output twice',
    post(infer, { ...good, outputs: [{ name: 'ids!' }, { name: 'ids!' }] }),
    400,
    /duplicate output "ids!"/,
  ],
  ['an output of another model', post(infer, { ...good, outputs: [{ name: 'y' }] }), 400, /no output "y"/],
  ['an output of null', post(infer, { ...good, outputs: [null] }), 400, /no output null; it has /],
  ['an input of null', post(infer, { inputs: [null] }), 400, /no input null; it has /],
  ['an input without a name', post(infer, { inputs: [{}] }), 400, /no input an object; it has /],
  ['no datatype', post(infer, change('ids', { datatype: undefined })), 400, /of input "ids" is missing;/],
  ['outputs that are none', post(infer, { ...good, outputs: 7 }), 400, /"outputs" is not an array/],
  ['a record of nothing', post('/', null), 422, /record 1/],
  ['instances of nothing', post('/v1/models/echo:predict', {}), 400, /"instances" is missing/],
  [
    'a row too short',
    post('/invocations', '1,2\n3', { 'content-type': 'text/csv' }),
    400,
    /row 1: the row has 2 columns; expected 11/,
  ],
];

test.each(cases)('%s', async (_, request, status, error) => {
  const response = await fn.http(request);
  expect([response.status, status === 200 ? '' : readJson(response).error]).toEqual([
    status,
    expect.stringMatching(error),
  ]);
  expect(response.headers['content-type']).toBe('application/json');
});

test('refusals of a method and of an encoding list what is accepted', async () => {
  const method = await fn.http({ ...get('/v2/models/echo/infer'), method: 'DELETE' });
  expect(method).toMatchObject({ status: 405, headers: { allow: 'POST, OPTIONS' } });
  const encoding = await fn.http(post('/', '{}', { 'content-encoding': 'zstd' }));
  expect(encoding.headers['accept-encoding']).toBe('gzip, br, deflate');
});

test('logs an internal error in full and hides it from the caller', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  const failing = openWith(dir, {
    score: {
      encode: () => {
        throw new Error('at /var/task/secret.ts');
      },
      decode: () => [],
    },
  });
  expect(await failing.http(post('/', {}))).toMatchObject({
    status: 500,
    body: '{"error":"internal error"}',
  });
  expect(log.mock.calls.flat().map(String).join()).toContain('secret.ts');
  log.mockRestore();
});

test.each([429, 503])('a score that says %i says when to come again', async status => {
  const busy = openWith(dir, {
    score: {
      encode: () => {
        throw new RequestError(status, 'BUSY', 'busy');
      },
      decode: () => [],
    },
  });
  expect(await busy.http(post('/', {}))).toMatchObject({ status, headers: { 'retry-after': '1' } });
});

test('nothing is begun that the platform would not wait for', async () => {
  const platform: HttpPlatform = { ...plainServer, remainingMs: () => 20 };
  for (const request of [post(infer, good), get('/v2/health/ready')]) {
    const response = await fn.http(request, platform);
    expect(response).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(readJson(response).error).toMatch(/there are 20 ms left/);
  }
  expect((await fn.http(post(infer, good))).status).toBe(200);
});

test('an answer that the platform cannot carry is refused, unless compressing it helps', async () => {
  const platform: HttpPlatform = { ...plainServer, name: 'a pigeon', maxResponseBytes: 500 };
  const refusal = await openWith(dir).http(post(infer, good), platform);
  expect(refusal.status).toBe(413);
  expect(readJson(refusal).error).toMatch(/the answer has \d+ bytes, more than a pigeon carries \(500\)/);
  const texts = change('texts', { shape: [1], data: ['a'.repeat(10_000)] });
  const packed = await openWith(dir).http(post(infer, texts, { 'accept-encoding': 'gzip' }), platform);
  expect(packed).toMatchObject({ status: 200, headers: { 'content-encoding': 'gzip' } });
});

test('no error quotes more than 200 characters of a value', async () => {
  const long = 'x'.repeat(15_000);
  const echo = openWith(dir, { http: { limits: { ...limits, bodyBytes: 200_000, stringLength: 100_000 } } });
  const score = defineScore({
    record: v.strictObject({ age: v.number() }),
    encode: () => ({}),
    decode: () => [],
  });
  const scored = openWith(dir, { score });
  const requests: [ColdpressFunction, HttpRequest][] = [
    [scored, post('/', { age: long })],
    [scored, post('/', { age: 1, [long]: 1 })],
    [scored, post('/', long)],
    [scored, post('/', JSON.parse(`{${Array.from({ length: 900 }, (_, i) => `"${i}":1`)}}`))],
    [echo, get(`/${long}`)],
    [echo, get(`/v2/models/${long}`)],
    [echo, { ...get('/'), method: long }],
    [echo, post('/', '{}', { 'content-type': long })],
    [echo, post('/', '{}', { 'content-type': `application/json; charset=${long}` })],
    [echo, post('/', '{}', { 'content-encoding': long })],
    [echo, post('/', `{"a":${long}`)],
    [echo, post(infer, { id: [long], inputs: [] })],
    [echo, post(infer, { inputs: [{ name: long, shape: [1], datatype: 'FP32', data: [1] }] })],
    [echo, post(infer, change('pairs', { datatype: long }))],
    [echo, post(infer, change('pairs', { shape: [long] }))],
    [echo, post(infer, change('pairs', { shape: Array(7000).fill(1) }))],
    [echo, post(infer, change('ids', { data: [long, 1] }))],
    [echo, post(infer, { ...good, outputs: [{ name: long }] })],
    [echo, post('/invocations', `a\n${long}`, { 'content-type': 'text/csv' })],
  ];
  for (const [fn, request] of requests) {
    const response = await fn.http(request);
    const { error } = readJson(response);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(error.match(/x{201}/)).toBe(null);
    expect(error.length).toBeLessThanOrEqual(1001);
  }
});

test('a schema with many issues is answered with the first, and the number of the others', async () => {
  const record = v.object(
    v.entriesFromList(
      Array.from({ length: 30 }, (_, i) => `f${i}`),
      v.number(),
    ),
  );
  const score = defineScore({ record, encode: () => ({}), decode: () => [] });
  const { error } = readJson(await openWith(dir, { score }).http(post('/', {})));
  expect(error).toMatch(/^record 1: f0: .*; f4: .*; and 25 more$/);
});
