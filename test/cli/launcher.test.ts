import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { processesIn } from '../local/processes-in.ts';
import { tinyArtifact } from '../local/tiny-artifact.ts';
import { bin, folder, start } from './coldpress.ts';

/** Of this Node, which needs no other's. */
const npx = join(process.execPath, '../npx');
const found = existsSync(npx) ? npx : findNpx();

function findNpx(): string | undefined {
  try {
    return execFileSync('which', ['npx'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

test.skipIf(process.platform !== 'linux' || found === undefined).each(['SIGTERM', 'SIGKILL'] as const)(
  'serve ends with the npx that started it: %s',
  { timeout: 60_000 },
  async signal => {
    const cwd = folder(`npx-${signal}`);
    mkdirSync(join(cwd, 'node_modules/.bin'), { recursive: true });
    symlinkSync(bin, join(cwd, 'node_modules/.bin/coldpress'));
    const artifact = await tinyArtifact('export const handler = async () => "up";');
    const { child } = start(['--offline', 'coldpress', 'serve', artifact, '--port', '0', '--json'], {
      cwd,
      command: found!,
    });
    await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
    expect(processesIn(cwd).length).toBeGreaterThan(1);
    process.kill(child.pid!, signal);
    await expect.poll(() => processesIn(cwd), { timeout: 20_000 }).toEqual([]);
  },
);
