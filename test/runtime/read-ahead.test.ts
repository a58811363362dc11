import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { openPageCache } from '../../lib/bench/machine/page-cache.ts';

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-ahead-'));
// Larger than what a system reads ahead by itself.
const sizeBytes = 2 ** 26;
const needed: [number, number] = [2 ** 23, 48 * 2 ** 20];
const source = fileURLToPath(new URL('../../lib/runtime/engine/onnxruntime/read-ahead.ts', import.meta.url));
const script = `
const { readAhead } = await import(${JSON.stringify(source)});
readAhead(process.argv[1] + '/none');
readAhead(process.argv[1] + '/model.data', [${JSON.stringify(needed)}]);
process.on('exit', () => console.log(process.getBuiltinModule('node:fs').readFileSync('/proc/self/io', 'utf8')));`;

writeFileSync(join(scratch, 'model.data'), Buffer.alloc(sizeBytes, 1));
const cache = await openPageCache(scratch).catch(error => String(error.message));

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Bytes that a process of its own read, by `read`, with what Node itself reads. */
function bytesRead(): number {
  const output = execFileSync(process.execPath, ['-e', script, scratch], { encoding: 'utf8' });
  return Number(/rchar: (\d+)/.exec(output)![1]);
}

test.skipIf(typeof cache === 'string')(
  `what is on the disk alone is read, and what is in memory is not${typeof cache === 'string' ? ` (${cache})` : ''}`,
  async () => {
    const cold: number[] = [];
    // Of a disk that answers as fast as memory, nothing is read; three times in a row there is none.
    while (cold.length < 3) {
      await (cache as Exclude<typeof cache, string>).drop();
      cold.push(bytesRead());
    }
    // On a busy machine memory may be as slow as a disk.
    const warm = Math.min(bytesRead(), bytesRead(), bytesRead());
    expect(Math.max(...cold) - warm).toBeGreaterThan(needed[1] * 0.9);
    expect(Math.max(...cold) - warm).toBeLessThan(needed[1] * 1.1);
  },
);
