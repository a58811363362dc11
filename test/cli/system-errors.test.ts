import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { tinyArtifact } from '../local/tiny-artifact.ts';
import { doubling } from '../model/doubling.ts';
import { bin, folder, run } from './coldpress.ts';

/** What the machine lacks is one line with a code, and the command ends; what is left goes with the next run. */

describe.skipIf(process.platform === 'win32')('a tiny function', () => {
  let artifact: string;

  beforeAll(async () => {
    artifact = await tinyArtifact('export const handler = async () => "up";');
  });

  test.each([22, 23, 24, 25, 26, 27])(
    'with %d open files at most, it is invoked, or they are too few',
    async files => {
      const temporary = folder(`invoked-${files}`);
      const limited = ['-c', `ulimit -n ${files}; exec "$0" "$@"`, process.execPath, bin];
      const { code, stdout } = await run([...limited, 'invoke', artifact, '--json'], {
        command: 'sh',
        env: { TMPDIR: temporary },
      });
      const { error } = JSON.parse(stdout);
      expect([code, error?.code]).toEqual(code === 0 ? [0, undefined] : [2, 'TOO_MANY_FILES']);
      expect(readdirSync(temporary).filter(name => name.startsWith('coldpress-'))).toEqual([]);
    },
    30_000,
  );
});

// Mounting requires a superuser.
describe.skipIf(process.getuid?.() !== 0 || process.platform !== 'linux')('a disk', () => {
  const cwd = folder('disk');
  const disk = join(cwd, 'mounted');

  beforeAll(() => {
    mkdirSync(disk);
    writeFileSync(join(cwd, 'model.onnx'), doubling());
  });
  afterEach(() => execFileSync('umount', [disk]));

  test.each([
    { name: 'a full temporary folder', size: '16k', env: { TMPDIR: disk }, expected: 'DISK_FULL' },
    { name: 'one that is nearly full', size: '64k', env: { TMPDIR: disk }, expected: 'DISK_FULL' },
    { name: 'a full cache', size: '4k', env: { COLDPRESS_CACHE_DIR: disk }, expected: 'DISK_FULL' },
    { name: 'one that is read-only', size: '1m,ro', env: { TMPDIR: disk }, expected: 'FILE_FORBIDDEN' },
  ])('$name: $expected', async ({ size, env, expected }) => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk]);
    const out = join(cwd, 'out');
    const cache = { COLDPRESS_CACHE_DIR: folder('disk-cache') };
    const { code, stdout, stderr } = await run(['pack', 'model.onnx', '--out', out, '--json'], {
      cwd,
      env: { ...cache, ...env },
    });
    expect(code, stderr).toBe(2);
    expect(JSON.parse(stdout.trim().split('\n').at(-1)!).error.code).toBe(expected);
    expect(readdirSync(cwd).sort()).toEqual(['model.onnx', 'mounted']);
    expect(readdirSync(disk).filter(name => name.startsWith('coldpress-'))).toEqual([]);
  });
});
