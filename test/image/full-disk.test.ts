import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../cli/coldpress.ts';
import { makeScratch, packExample } from '../packed/pack-example.ts';
import { debian, putBase } from './make-base.ts';
import { type SmallRegistry, startRegistry } from './small-registry.ts';

const scratch = makeScratch();
const disk = join(scratch, 'disk');
const env = { COLDPRESS_CACHE_DIR: join(scratch, 'cache'), SOURCE_DATE_EPOCH: '0' };
let registry: SmallRegistry;

// Mounting requires a superuser.
describe.skipIf(process.getuid?.() !== 0 || process.platform !== 'linux')('a disk of 1 MiB', () => {
  beforeAll(async () => {
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    registry = await startRegistry();
    await putBase(registry, 'bases/node:24');
    await putBase(registry, 'bases/large:24', {
      ...debian,
      files: { ...debian.files, 'usr/lib/large': randomBytes(2 * 2 ** 20).toString('base64') },
    });
    await packExample(scratch, 'container');
    expect(await coldpress('fetch', '--base', `${registry.host}/bases/node:24`)).toMatchObject({ code: 0 });
  }, 60_000);

  afterAll(async () => {
    execFileSync('umount', [disk]);
    await registry.close();
  });

  beforeEach(() => execFileSync('find', [disk, '-mindepth', '1', '-delete']));

  function coldpress(...args: string[]) {
    return run(args, { cwd: scratch, env });
  }

  const image = (...args: string[]) => [
    ...['image', 'container', '--base', `${registry.host}/bases/node:24`, '--arch', process.arch],
    ...args,
  ];

  test.each(['layout', 'image.tar'])(
    'as the place of %s: one error, and nothing is left there',
    async name => {
      const { code, stderr } = await coldpress(...image('--out', join(disk, name)));
      expect([code, stderr]).toEqual([2, expect.stringMatching(/^DISK_FULL: /)]);
      expect(readdirSync(disk)).toEqual([]);
    },
  );

  test('as the cache of layers: one error, and nothing of the layer is left', async () => {
    const own = { ...env, COLDPRESS_CACHE_DIR: disk };
    const fetch = ['fetch', '--base', `${registry.host}/bases/node:24`];
    expect(await run(fetch, { cwd: scratch, env: own })).toMatchObject({ code: 0 });
    const before = readdirSync(disk);
    const { code, stderr } = await run(image('--out', 'out'), { cwd: scratch, env: own });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^DISK_FULL: /)]);
    expect(readdirSync(disk)).toEqual(before);
    expect(readdirSync(scratch)).not.toContain('out');
  });

  test('as the cache of bases: one error, and the base is not pinned', async () => {
    const { code, stderr } = await run(['fetch', '--base', `${registry.host}/bases/large:24`], {
      cwd: scratch,
      env: { ...env, COLDPRESS_CACHE_DIR: disk },
    });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^DISK_FULL: /)]);
    const { images } = JSON.parse(readFileSync(join(scratch, 'coldpress.lock.json'), 'utf8'));
    expect(Object.keys(images)).toEqual([`${registry.host}/bases/node:24`]);
  });
});
