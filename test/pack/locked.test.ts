import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pack } from '../../lib/pack/pack.ts';
import type { PackOptions } from '../../lib/pack/pack-options.ts';
import { bin, root, run } from '../cli/coldpress.ts';
import { findOtherNode } from './other-node.ts';

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-locked-'));
const { env } = process;
let locked: string;

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function packIn(cwd: string, changes: Partial<PackOptions> = {}) {
  return pack({ cwd, env, arch: 'x64', lock: 'require', ...changes });
}

/** A copy of the project that was locked. */
function project(name: string): string {
  const dir = join(scratch, name);
  cpSync(locked, dir, { recursive: true });
  return dir;
}

/** SHA-256 of every file, by its path. */
function hashes(dir: string): Record<string, string> {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  return Object.fromEntries(
    files
      .map(entry => join(entry.parentPath, entry.name))
      .map(path => [path.slice(dir.length), createHash('sha256').update(readFileSync(path)).digest('hex')]),
  );
}

/** Changes the only entry of a lock. */
function changeEntry(dir: string, change: (entry: Record<string, unknown>) => void): void {
  const path = join(dir, 'coldpress.lock.json');
  const lock = JSON.parse(readFileSync(path, 'utf8'));
  const [entry] = Object.values<Record<string, unknown>>(lock.packed);
  change(entry!);
  writeFileSync(path, JSON.stringify(lock));
}

/** A package that the score imports. */
function writePackage(dir: string, version: string): void {
  const home = join(dir, 'node_modules/small');
  mkdirSync(home, { recursive: true });
  writeFileSync(
    join(home, 'package.json'),
    JSON.stringify({ name: 'small', version, type: 'module', exports: './index.js' }),
  );
  writeFileSync(join(home, 'index.js'), 'export const factor = Date.now;');
}

beforeAll(async () => {
  locked = join(scratch, 'locked');
  cpSync(join(root, 'examples/breast-cancer'), locked, { recursive: true });
  rmSync(join(locked, 'node_modules'), { recursive: true, force: true });
  writePackage(locked, '1.0.0');
  writeFileSync(
    join(locked, 'score.ts'),
    `import { defineScore, tensor } from 'coldpress/runtime';
import { factor } from 'small';
export default defineScore({
  encode: records => ({ float_input: tensor('FP32', [records.length, 30], records.flatMap(record => Object.values(record))) }),
  decode: (_, records) => records.map(() => ({ at: factor() })),
});\n`,
  );
  await packIn(locked, { lock: 'write', out: join(scratch, 'artifact') });
}, 60_000);

test('what was locked packs to the same bytes', async () => {
  const dir = project('again');
  await packIn(dir, { out: 'first' });
  await packIn(dir, { out: 'second', env: { ...env, COLDPRESS_CACHE_DIR: join(scratch, 'empty-cache') } });
  expect(hashes(join(dir, 'second'))).toEqual(hashes(join(dir, 'first')));
}, 60_000);

test('a locked pack changes nothing in the lock', async () => {
  const dir = project('unchanged');
  await packIn(dir);
  expect(readFileSync(join(dir, 'coldpress.lock.json'))).toEqual(
    readFileSync(join(locked, 'coldpress.lock.json')),
  );
});

test.each<[what: string, change: (dir: string) => void, options?: Partial<PackOptions>]>([
  ['coldpress', dir => changeEntry(dir, entry => Object.assign(entry, { coldpress: '0.0.1' }))],
  ['onnxruntime', dir => changeEntry(dir, entry => Object.assign(entry, { onnxruntime: '1.0.0' }))],
  ['esbuild', dir => changeEntry(dir, entry => Object.assign(entry, { esbuild: '0.1.0' }))],
  [
    'session.intraOpNumThreads',
    dir => changeEntry(dir, entry => Object.assign(entry, { session: { intraOpNumThreads: 2 } })),
  ],
  ['node', () => {}, { runtime: 'nodejs22.x' }],
  ['options.engine', () => {}, { engine: 'compiled' }],
  ['options.native', () => {}, { native: 'inline' }],
  ['options.tune', () => {}, { tune: 'cold' }],
  [
    'model',
    dir => writeFileSync(join(dir, 'model.onnx'), readFileSync(join(root, 'examples/text/model.onnx'))),
  ],
  ['packages.small', dir => writePackage(dir, '1.0.1')],
  [
    'options.http.limits.batch',
    dir => {
      const config = join(dir, 'coldpress.config.ts');
      const text = readFileSync(config, 'utf8').replace(
        'defineConfig({',
        'defineConfig({ http: { limits: { batch: 7 } },',
      );
      writeFileSync(config, text);
    },
  ],
])(
  'another %s is refused by its name',
  async (what, change, options = {}) => {
    const dir = project(what);
    change(dir);
    const before = readFileSync(join(dir, 'coldpress.lock.json'));
    const refusal = await packIn(dir, options).catch(error => error);
    expect(refusal).toMatchObject({ code: 'LOCK_DIFFERS' });
    expect(refusal.table.map((row: { what: string }) => row.what)).toContain(what);
    expect(readdirSync(dir)).not.toContain('build');
    expect(readFileSync(join(dir, 'coldpress.lock.json'))).toEqual(before);
  },
  60_000,
);

test.each<[name: string, options: Partial<PackOptions>]>([
  ['another CPU', { arch: 'arm64' }],
  ['another platform', { target: 'gcf' }],
])('%s has no entry', async (name, options) => {
  await expect(packIn(project(name), options)).rejects.toMatchObject({ code: 'LOCK_MISSING' });
});

test('the commands', async () => {
  const dir = project('commands');
  const both = await run(['pack', '--lock', '--locked'], { cwd: dir });
  expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('OPTION_CONFLICT')]);
  const other = await run(['pack', '--arch', 'x64', '--runtime', 'nodejs22.x', '--locked'], { cwd: dir });
  expect([other.code, other.stderr]).toEqual([2, expect.stringMatching(/ node +24 +22\n/)]);
  expect((await run(['pack', '--arch', 'x64', '--runtime', 'nodejs22.x', '--lock'], { cwd: dir })).code).toBe(
    0,
  );
  expect(
    (await run(['pack', '--arch', 'x64', '--runtime', 'nodejs22.x', '--locked'], { cwd: dir })).code,
  ).toBe(0);
}, 60_000);

const otherNode = findOtherNode(env);

describe.skipIf(otherNode === undefined)('a second version of Node (needs it on PATH)', () => {
  test.each(['onnxruntime', 'compiled'])(
    'packs the same bytes: %s',
    async engine => {
      const dir = project(`versions-${engine}`);
      const flags = ['pack', '--arch', 'x64', '--engine', engine];
      for (const [out, command, mode] of [
        ['own', process.execPath, '--lock'],
        ['other', otherNode!, '--locked'],
      ] as const) {
        const cache = join(scratch, `cache-${engine}-${out}`);
        const ended = await run([bin, ...flags, mode, '--out', out], {
          cwd: dir,
          command,
          env: { COLDPRESS_CACHE_DIR: cache },
        });
        expect(ended).toMatchObject({ code: 0 });
      }
      expect(hashes(join(dir, 'other'))).toEqual(hashes(join(dir, 'own')));
    },
    120_000,
  );
});
