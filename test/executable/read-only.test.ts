import { spawnSync } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeExecutable } from '../../lib/executable/make-executable.ts';
import { hostPlatform } from '../../lib/executable/platforms.ts';
import { cacheRoot } from '../../lib/pack/cache.ts';
import { example, makeScratch, packExample } from '../packed/pack-example.ts';
import { linkedFiles } from './linked-files.ts';

/**
 * An executable in a root of glibc and libstdc++ that is mounted read-only, with no folder for temporary files, in an
 * empty environment, and without capabilities, from a path with spaces.
 */

const scratch = makeScratch();
const cacheDir = cacheRoot(process.env);
const line = `${JSON.stringify(JSON.parse(readFileSync(join(example, 'record.json'), 'utf8')))}\n`;
const setpriv = '/usr/bin/setpriv';
const file = '/opt/a place/breast cancer';

/**
 * Arguments: the root, a folder in it for a writable file system or nothing, the options of that mount, and a variable
 * of the environment.
 */
const isolate = `
  mount --bind "$1" "$1"
  mount -o remount,bind,ro "$1"
  [ -z "$2" ] || mount -t tmpfs -o "$3" none "$1/$2"
  root="$1"; variable="$4"; shift 4
  exec env -i "$variable" "$(command -v chroot)" "$root" ${setpriv} \\
    --bounding-set=-all --inh-caps=-all --no-new-privs "$@"`;

const canIsolate =
  process.platform === 'linux' &&
  process.versions.node.startsWith('24.') &&
  hostPlatform() !== undefined &&
  spawnSync('unshare', ['--map-root-user', '--mount', '--net', 'sh', '-c', 'mount -t tmpfs none /mnt'])
    .status === 0 &&
  spawnSync(setpriv, ['--version']).status === 0;

function run(
  root: string,
  command: string,
  { stdin = '', mount = '', options = 'mode=700', variable = 'NOTHING=' } = {},
) {
  const isolated = ['--map-root-user', '--mount', '--net', 'sh', '-euc', isolate, 'sh'];
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    [...isolated, root, mount, options, variable, file, command],
    // Where unshare, mount and chroot are.
    { input: stdin, encoding: 'utf8', env: { PATH: process.env.PATH } },
  );
  return { status, stdout, stderr };
}

async function makeRoot(variant: 'container' | 'container-compiled', libraries: string[]): Promise<string> {
  const root = join(scratch, `a root for ${variant}`);
  const files = [setpriv, ...[process.execPath, setpriv, ...libraries].flatMap(linkedFiles)];
  for (const each of files) {
    mkdirSync(join(root, dirname(each)), { recursive: true });
    copyFileSync(each, join(root, each));
  }
  for (const folder of [dirname(file), '/cache']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  const artifact = await packExample(scratch, variant);
  await makeExecutable(artifact, { out: join(root, file), cacheDir });
  return root;
}

describe.skipIf(!canIsolate)('on a read-only file system (needs unshare and setpriv)', () => {
  test('a compiled model needs no file', async () => {
    const root = await makeRoot('container-compiled', []);
    expect(run(root, 'score', { stdin: line })).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('"malignant"'),
      stderr: '',
    });
    expect(run(root, 'verify')).toMatchObject({ status: 0, stderr: '' });
    expect(run(root, 'sbom')).toMatchObject({ status: 0, stderr: '' });
  }, 120_000);

  describe('ONNX Runtime', () => {
    let root: string;

    beforeAll(async () => {
      const artifact = await packExample(scratch, 'container');
      const native = globSync('function/**/libonnxruntime.so*', { cwd: artifact }).map(path =>
        join(artifact, path),
      );
      root = await makeRoot('container', native);
    }, 120_000);

    const right = { status: 0, stdout: expect.stringContaining('"malignant"') };

    test.each([
      ['score', 2],
      ['serve', 1],
    ])('without a folder, %s says in one line which variable names one', (command, code) => {
      const { status, stdout, stderr } = run(root, command, { stdin: line });
      expect([status, stdout]).toEqual([code, '']);
      expect(stderr).toMatch(/^[^\n]*set COLDPRESS_CACHE_DIR[^\n]*\/dev\/shm\/[^\n]*\n$/);
    });

    test('verify and sbom need no folder', () => {
      expect(run(root, 'verify')).toMatchObject({ status: 0, stderr: '' });
      expect(run(root, 'sbom')).toMatchObject({ status: 0, stderr: '' });
    });

    test('with a folder it answers', () => {
      const variable = 'COLDPRESS_CACHE_DIR=/cache';
      expect(run(root, 'score', { stdin: line, mount: '/cache', variable })).toMatchObject(right);
    });

    test('a folder that is mounted noexec is refused by name', () => {
      const folder = { mount: '/cache', options: 'mode=700,noexec', variable: 'XDG_CACHE_HOME=/cache' };
      const { status, stderr } = run(root, 'score', { stdin: line, ...folder });
      expect([status, stderr]).toEqual([
        2,
        expect.stringMatching(/\/cache\/coldpress-executables-\d+ \(EACCES\)/),
      ]);
    });
  });
});
