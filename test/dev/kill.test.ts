import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { folder, start } from '../cli/coldpress.ts';
import { processesIn } from '../local/processes-in.ts';
import { doubling } from '../model/doubling.ts';

const arch = process.arch === 'arm64' ? 'arm64' : 'x64';

test.skipIf(process.platform !== 'linux').each([
  // What it leaves in the temporary folder, the next run removes.
  { target: 'aws-lambda', when: 'pressing', until: /"step":"pressing/, left: expect.any(Array) },
  { target: 'aws-lambda', when: 'serving', until: /"kind":"ready"/, left: [] },
  { target: 'gcf', when: 'serving', until: /"kind":"ready"/, left: [] },
  { target: 'container', when: 'serving', until: /"kind":"ready"/, left: [] },
])(
  'a kill of `dev` for $target while $when leaves no process',
  { timeout: 60_000 },
  async ({ target, when, until, left }) => {
    const cwd = folder(`killed-${target}-${when}`);
    const temporary = join(cwd, 'tmp');
    mkdirSync(temporary);
    writeFileSync(join(cwd, 'model.onnx'), doubling());
    const architecture = target === 'aws-lambda' ? ['--arch', arch] : [];
    const { child, ended } = start(
      ['dev', 'model.onnx', '--target', target, ...architecture, '--port', '0', '--json'],
      { cwd, env: { TMPDIR: temporary, COLDPRESS_CACHE_DIR: join(cwd, 'cache') } },
    );
    for await (const line of createInterface({ input: child.stdout })) {
      if (until.test(line)) {
        break;
      }
    }
    expect(processesIn(cwd).length).toBeGreaterThan(when === 'serving' ? 1 : 0);
    process.kill(child.pid!, 'SIGKILL');
    await ended;
    await expect.poll(() => processesIn(cwd), { timeout: 10_000 }).toEqual([]);
    await expect.poll(() => readdirSync(temporary), { timeout: 10_000 }).toEqual(left);
  },
);
