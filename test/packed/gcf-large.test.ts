import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encoder } from '../../bench/models/encoder.ts';
import { sentenceInputs } from '../../bench/models/events.ts';
import { startGcf } from '../../lib/local/gcf/start.ts';
import { hostOf } from '../../lib/local/host.ts';
import { writeModel } from '../../lib/model/write.ts';
import { pack } from '../../lib/pack/pack.ts';
import { defaultMemoryMb } from '../../lib/targets/gcf/memory.ts';
import { makeScratch } from './pack-example.ts';

const scratch = makeScratch();
const layers = 50;

// It writes 2 GB, so it runs where it is asked for: COLDPRESS_LARGE=1.
test.skipIf(process.env.COLDPRESS_LARGE !== '1')(
  'an encoder of 400 MB is packed and served, and its peak fits the memory that is the default',
  async () => {
    const model = join(scratch, 'encoder.onnx');
    await writeModel({ proto: encoder(1, layers) }, model);
    const out = join(scratch, 'out');
    await expect(pack({ cwd: scratch, env: process.env, model, arch: 'x64', out })).rejects.toMatchObject({
      code: 'OVER_BUDGET',
    });
    const { manifest } = await pack({ cwd: scratch, env: process.env, target: 'gcf', model, out });
    const fn = await startGcf(out, { host: hostOf(process), port: 0, signature: 'http' });
    try {
      const response = await fetch(`${fn.instance.url}/v2/models/encoder/infer`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ inputs: sentenceInputs(1) }),
      });
      expect(response.status).toBe(200);
      const weightsMb = manifest.files.reduce((sum, file) => sum + file.sizeBytes, 0) / 2 ** 20;
      const peakMb = fn.instance.memoryMb()!;
      console.info(
        `peak ${peakMb} MB resident, source ${weightsMb.toFixed(0)} MB, default ${defaultMemoryMb(manifest)} MiB`,
      );
      // The file system is memory: the source counts, though pages of it that are mapped are counted once.
      expect(peakMb).toBeLessThan(defaultMemoryMb(manifest));
    } finally {
      await fn.close();
    }
  },
  300_000,
);
