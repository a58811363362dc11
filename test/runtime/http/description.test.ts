import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ColdpressFunction } from '../../../lib/runtime/function.ts';
import type { Score } from '../../../lib/runtime/score/define.ts';
import { get, makeScratch, openWith, post, pressEcho, pressExample, readJson } from './models.ts';

const scratch = makeScratch();
let echo: string;
let tabular: string;

beforeAll(async () => {
  echo = await pressEcho(scratch.dir);
  tabular = await pressExample(scratch.dir);
});

afterAll(() => scratch.remove());

/** A schema that tells JSON Schema, as zod and arktype make them. */
function schemaThat(tell: () => Record<string, unknown>): Score {
  const standard = {
    version: 1,
    vendor: 'test',
    validate: (value: unknown) => ({ value }),
    jsonSchema: { input: tell },
  };
  return {
    record: { '~standard': standard } as unknown as NonNullable<Score['record']>,
    encode: () => ({}),
    decode: () => [],
  };
}

const person = { type: 'object', properties: { age: { type: 'number' } }, required: ['age'] };

const functions: [string, () => ColdpressFunction, object][] = [
  ['a tabular model', () => openWith(tabular), { anyOf: expect.anything() }],
  [
    'a model of every datatype',
    () => openWith(echo),
    { required: expect.arrayContaining(['__proto__', 'then']) },
  ],
  ['a schema that tells', () => openWith(tabular, { score: schemaThat(() => person) }), person],
  [
    'a schema that cannot tell',
    () =>
      openWith(tabular, {
        score: schemaThat(() => {
          throw new Error('a transform');
        }),
      }),
    {},
  ],
];

test.each(functions)('the OpenAPI document of %s is valid', async (_, open, record) => {
  const document = readJson(await open().http(get('/openapi.json')));
  expect(await new Validator().validate(structuredClone(document))).toEqual({ valid: true });
  expect(document.components.schemas.Record).toEqual(expect.objectContaining(record));
});

test('every path of the OpenAPI document is answered, by its methods', async () => {
  const fn = openWith(tabular);
  const { paths } = readJson(await fn.http(get('/openapi.json')));
  expect(Object.keys(paths)).toContain('/v2/models/model/infer');
  for (const [path, methods] of Object.entries<object>(paths)) {
    for (const method of Object.keys(methods)) {
      const { status } = await fn.http(method === 'get' ? get(path) : post(path, '{'));
      expect([path, method, status]).toEqual([path, method, method === 'get' ? 200 : 400]);
    }
  }
});

test('the page is there when it is turned on, by the config or the local server', async () => {
  expect((await openWith(tabular).http(get('/'))).status).toBe(405);
  expect(
    (await openWith(tabular, { http: { docs: false }, env: { COLDPRESS_LOCAL: '1' } }).http(get('/'))).status,
  ).toBe(405);
  for (const fn of [
    openWith(echo, { http: { docs: true } }),
    openWith(echo, { env: { COLDPRESS_LOCAL: '1' } }),
  ]) {
    const page = await fn.http(get('/', { accept: 'text/html,*/*;q=0.8' }));
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(page.body).toContain('__proto__');
    expect(page.body).not.toMatch(/<script|https?:/);
  }
});

test('names are text in the page, whatever they are', async () => {
  const fn = openWith(tabular, { http: { docs: true } });
  const [input] = fn.model.signature.inputs;
  input!.name = '<img src=x onerror=alert(1)>';
  expect((await fn.http(get('/'))).body).not.toContain('<img');
});
