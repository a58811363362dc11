import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  get,
  type Json,
  makeScratch,
  openWith,
  pressBooster,
  pressEcho,
  pressExample,
  readJson,
  withoutGolden,
} from './models.ts';

const scratch = makeScratch();
let dir: string;

beforeAll(async () => {
  dir = await pressExample(scratch.dir);
});

afterAll(() => scratch.remove());

/** The pressed model with another golden vector. */
function withGolden(name: string, change: (golden: Json) => unknown): string {
  const copy = join(scratch.dir, name);
  cpSync(dir, copy, { recursive: true });
  const golden = change(JSON.parse(readFileSync(join(dir, 'golden.json'), 'utf8')));
  writeFileSync(join(copy, 'golden.json'), JSON.stringify(golden));
  return copy;
}

const output = (golden: Json) => golden.response.outputs[1];

describe('readiness', () => {
  test('is asked of the model once, and not before somebody asks', async () => {
    const fn = openWith(dir);
    expect(fn.model.phases.first).toBeUndefined();
    expect((await fn.http(get('/v2/health/ready'))).headers).toHaveProperty('server-timing');
    const { first } = fn.model.phases;
    expect((await fn.http(get('/ping'))).status).toBe(200);
    expect(fn.model.phases.first).toBe(first);
  });

  const unready: [string, (golden: Json) => unknown, RegExp][] = [
    [
      'a value',
      golden => {
        output(golden).data[1] += 0.1;
        return golden;
      },
      /output "output_probability", element 1: expected/,
    ],
    [
      'a shape',
      golden => {
        output(golden).shape = [1];
        return golden;
      },
      /output "output_probability": expected FP32 \[1\], got FP32/,
    ],
    [
      'an output',
      golden => {
        output(golden).name = 'other';
        return golden;
      },
      /output "other": expected/,
    ],
    [
      'a request that is refused',
      golden => {
        golden.request.inputs[0].shape = [1];
        return golden;
      },
      /1 dimension;/,
    ],
  ];

  test.each(unready)('%s that differs: 503, and the log tells', async (name, change, message) => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { http } = openWith(withGolden(name.replaceAll(' ', '-'), change));
    for (const path of ['/v2/health/ready', '/v2/models/model/ready', '/ping']) {
      const response = await http(get(path));
      expect(response).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
      expect(readJson(response).error).toMatch(/golden vector/);
    }
    expect(log.mock.calls.flat().map(String).join()).toMatch(message);
    log.mockRestore();
  });

  test('another CPU’s last bits are no difference', async () => {
    const near = withGolden('near', golden => {
      output(golden).data[0] *= 1 + 1e-6;
      return golden;
    });
    expect((await openWith(near).http(get('/v2/health/ready'))).status).toBe(200);
  });

  test('outputs on request are not part of the vector', async () => {
    const { http } = openWith(await pressBooster(scratch.dir));
    expect((await http(get('/v2/health/ready'))).status).toBe(200);
  });

  test('a model without a vector is ready when it is open', async () => {
    const copy = withGolden('none', golden => golden);
    withoutGolden(copy);
    const { http } = openWith(copy);
    expect((await http(get('/v2/health/ready'))).status).toBe(200);
  });
});

describe('warming up', () => {
  test('runs the golden vector when the function opens', () => {
    expect(openWith(dir, { http: { warmUp: true } }).model.phases.first).toBeGreaterThan(0);
  });

  test('runs zeros where there is no golden vector, of every datatype', async () => {
    const echo = await pressEcho(scratch.dir);
    withoutGolden(echo);
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    expect(openWith(echo, { http: { warmUp: true } }).model.phases.first).toBeGreaterThan(0);
    expect(log).not.toHaveBeenCalled();
    log.mockRestore();
  });
});
