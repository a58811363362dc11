import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { bench } from '../../lib/bench/bench.ts';
import { host } from '../local/tiny-artifact.ts';
import { example, makeScratch, packExample } from '../packed/pack-example.ts';

const runs = host.platform === 'linux';
const scratch = makeScratch();
const short = { host: { ...host, cwd: example }, samples: 2, discard: 1, warm: 2 } as const;

describe.skipIf(!runs)('the server of a container (on Linux)', () => {
  beforeAll(async () => {
    await packExample(scratch, 'container');
    await packExample(scratch, 'container-compiled');
  }, 60_000);

  test('is measured beside the plain way, express with onnxruntime-node', async () => {
    const dirs = [join(scratch, 'container'), join(scratch, 'container-compiled')];
    const { variants, summaries } = await bench(dirs, { ...short, baselines: ['naive', 'hello'] });
    expect(variants.map(({ target, versions }) => [target, versions.runtimeClient])).toEqual([
      ['container', 'express'],
      ['container', 'express'],
      ['container', 'node:http'],
      ['container', 'node:http'],
    ]);
    for (const { samples } of variants) {
      expect(samples).toHaveLength(2);
      expect(samples.every(({ warmMs }) => warmMs.length === 2)).toBe(true);
    }
    const [naive, , native, compiled] = summaries;
    expect(Math.min(naive!.phases.native, native!.phases.native, native!.phases.model)).toBeGreaterThan(0);
    expect(compiled!.phases.native).toBe(0);
  }, 60_000);

  test('that refuses the request gives no numbers', async () => {
    const event = JSON.stringify({ rawPath: '/', requestContext: { http: { method: 'POST' } }, body: '{' });
    await expect(bench([join(scratch, 'container-compiled')], { ...short, event })).rejects.toMatchObject({
      code: 'BENCH_FUNCTION_FAILED',
    });
  });
});
