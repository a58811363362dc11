import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bench } from '../../lib/bench/bench.ts';
import { httpRequestOf } from '../../lib/bench/samplers/http-request.ts';
import { pack } from '../../lib/pack/pack.ts';
import { host, tinyArtifact } from '../local/tiny-artifact.ts';

const example = fileURLToPath(new URL('../../examples/breast-cancer', import.meta.url));
const runs = host.platform === 'linux' && host.arch === 'x64';
const scratch = mkdtempSync(join(tmpdir(), 'coldpress-bench-gcf-'));
const short = { host: { ...host, cwd: example }, samples: 2, discard: 1, warm: 2 } as const;

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe.skipIf(!runs)('a packed function for Google (on Linux, x64)', () => {
  const dir = join(scratch, 'out');

  beforeAll(async () => {
    await pack({ cwd: example, env: process.env, target: 'gcf', out: dir });
  });

  test('is measured under the framework that it carries, beside the plain way', async () => {
    const { variants, summaries, notes } = await bench([dir], { ...short, baselines: ['naive', 'hello'] });
    expect(notes).toEqual([]);
    expect(variants).toMatchObject([
      { name: 'naive', target: 'gcf', versions: { runtimeClient: 'functions-framework of node_modules' } },
      { name: 'hello', target: 'gcf' },
      {
        name: dir,
        target: 'gcf',
        versions: { runtimeClient: expect.stringMatching(/^functions-framework \d/) },
      },
    ]);
    for (const { samples } of variants) {
      expect(samples).toHaveLength(2);
      for (const { totalMs, initMs, answerMs, warmMs, peakMemoryMb } of samples) {
        expect(totalMs).toBeCloseTo(initMs + answerMs);
        expect(warmMs).toHaveLength(2);
        expect(peakMemoryMb).toBeGreaterThan(20);
      }
    }
    const [naive, hello, packed] = summaries;
    expect(Math.min(naive!.phases.model, packed!.phases.model, packed!.phases.first)).toBeGreaterThan(0);
    expect(hello!.phases.native).toBe(0);
  });

  test('that refuses the request gives no numbers', async () => {
    const event = JSON.stringify({ rawPath: '/', requestContext: { http: { method: 'POST' } }, body: '{' });
    await expect(bench([dir], { ...short, event })).rejects.toMatchObject({
      code: 'BENCH_FUNCTION_FAILED',
      message: expect.stringMatching(/failed in its first request: it answered 4\d\d/),
    });
  });

  test('that never answers is not waited for after Ctrl-C', { timeout: 20_000 }, async () => {
    const hanging = join(scratch, 'hanging');
    const index = join(hanging, 'function', 'index.mjs');
    cpSync(dir, hanging, { recursive: true });
    writeFileSync(index, 'export const http = () => {};\n');
    const controller = new AbortController();
    const reason = new Error('Ctrl-C');
    const onProgress = (step: string) => {
      if (step.startsWith('round 1')) {
        setTimeout(() => controller.abort(reason), 2000);
      }
    };
    const run = bench([hanging], { ...short, discard: 0, onProgress, signal: controller.signal });
    await expect(run).rejects.toBe(reason);
  });

  test('that kills its process gives no numbers, and says so', async () => {
    const dying = join(scratch, 'dying');
    cpSync(dir, dying, { recursive: true });
    const source = "export const http = () => process.kill(process.pid, 'SIGKILL');\n";
    writeFileSync(join(dying, 'function', 'index.mjs'), source);
    await expect(bench([dying], { ...short, discard: 0 })).rejects.toMatchObject({
      code: 'BENCH_FUNCTION_FAILED',
      message: expect.stringContaining('failed in its first request'),
    });
  });

  test('is not compared with one for Lambda', async () => {
    const lambda = await tinyArtifact('export const handler = async () => ({ statusCode: 200 });');
    await expect(bench([dir, lambda], short)).rejects.toMatchObject({ code: 'BENCH_TARGETS' });
  });
});

describe('what a function on Google is asked', () => {
  test('the request of a Function URL event', () => {
    const http = { method: 'POST' };
    const event = {
      rawPath: '/a',
      headers: { x: 'y' },
      requestContext: { http },
      body: 'aGk=',
      isBase64Encoded: true,
    };
    expect(httpRequestOf(JSON.stringify(event))).toEqual({
      signature: 'http',
      method: 'POST',
      path: '/a',
      headers: { x: 'y' },
      body: Buffer.from('hi'),
    });
  });

  test('a CloudEvent, whole', () => {
    const event = JSON.stringify({ specversion: '1.0', type: 'a', source: 'b', id: 'c' });
    expect(httpRequestOf(event)).toMatchObject({
      signature: 'cloudevent',
      path: '/',
      body: Buffer.from(event),
    });
  });

  test('no event of another kind', () => {
    expect(() => httpRequestOf('{"Records":[]}')).toThrow(expect.objectContaining({ code: 'EVENT_INVALID' }));
  });
});
