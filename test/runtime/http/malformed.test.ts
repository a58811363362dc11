import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomNumbers } from '../../../bench/models/random.ts';
import type { ColdpressFunction } from '../../../lib/runtime/function.ts';
import { goodInputs } from './good-inputs.ts';
import { limits, malformed } from './malformed.ts';
import { makeScratch, openWith, post, pressEcho, readJson } from './models.ts';

const scratch = makeScratch();
let fn: ColdpressFunction;

beforeAll(async () => {
  fn = openWith(await pressEcho(scratch.dir), { http: { limits } });
});

afterAll(() => scratch.remove());

// test/packed/hostile.test.ts asks packed functions, and bench/hostile.ts many of them.
test('malformed requests are refused with what is wrong with them', async () => {
  let count = 0;
  for (const { kind, request, names } of malformed(randomNumbers(7))) {
    const response = await fn.http(request);
    expect([kind, response.status >= 400 && response.status < 500, response.status]).toEqual([
      kind,
      true,
      response.status,
    ]);
    expect({ kind, error: readJson(response).error }).toEqual({ kind, error: expect.stringMatching(names) });
    if (++count === 200) {
      break;
    }
  }
  const good = await fn.http(post('/v2/models/echo/infer', { inputs: goodInputs() }));
  expect(good.status).toBe(200);
  const { outputs } = readJson(good);
  expect(outputs.map((output: { data: unknown }) => output.data)).toEqual(
    goodInputs().map(input => input.data),
  );
});
