import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SettingsConfig } from '../../settings.ts';
import { get, makeScratch, openWith, pressExample } from './models.ts';

const scratch = makeScratch();
let dir: string;

beforeAll(async () => {
  dir = await pressExample(scratch.dir);
});

afterAll(() => scratch.remove());

const here = { origins: ['https://app.example'], headers: ['content-type', 'x-api-key'], maxAge: 600 };
const preflight = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-api-key' };

const cases: [
  name: string,
  cors: NonNullable<SettingsConfig['http']>['cors'],
  origin: string | undefined,
  headers: Record<string, string | undefined>,
][] = [
  [
    'not configured',
    undefined,
    'https://app.example',
    { 'access-control-allow-origin': undefined, vary: undefined },
  ],
  [
    'an origin that may',
    here,
    'https://app.example',
    { 'access-control-allow-origin': 'https://app.example', vary: 'origin' },
  ],
  [
    'an origin that may not',
    here,
    'https://evil.example',
    { 'access-control-allow-origin': undefined, vary: 'origin' },
  ],
  [
    'an origin that begins alike',
    here,
    'https://app.example.evil',
    { 'access-control-allow-origin': undefined },
  ],
  ['no origin', here, undefined, { 'access-control-allow-origin': undefined }],
  ['any origin', { origins: ['*'] }, 'https://evil.example', { 'access-control-allow-origin': '*' }],
];

test.each(cases)('%s', async (_, cors, origin, expected) => {
  const { http } = openWith(dir, cors === undefined ? {} : { http: { cors } });
  for (const request of [
    get('/v2', { origin }),
    get('/nothing', { origin }),
    { ...get('/', { origin, ...preflight }), method: 'OPTIONS' },
  ]) {
    const { headers } = await http(request);
    for (const [name, value] of Object.entries(expected)) {
      expect([name, headers[name]]).toEqual([name, value]);
    }
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  }
});

test('a preflight tells methods, headers and how long it holds', async () => {
  const { http } = openWith(dir, { http: { cors: here } });
  const response = await http({
    ...get('/v2', { origin: 'https://app.example', ...preflight }),
    method: 'OPTIONS',
  });
  expect(response.status).toBe(204);
  expect(response.headers).toMatchObject({
    'access-control-allow-methods': 'GET, HEAD',
    'access-control-allow-headers': 'content-type, x-api-key',
    'access-control-max-age': '600',
  });
});
