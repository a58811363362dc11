import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pack } from '../../lib/pack/pack.ts';
import { verifyArtifact } from '../../lib/verify/verify.ts';
import { run } from '../cli/coldpress.ts';

const example = fileURLToPath(new URL('../../examples/breast-cancer', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'coldpress-verify-'));
const packed = join(scratch, 'packed');

beforeAll(async () => {
  await pack({ cwd: example, env: process.env, arch: 'x64', engine: 'onnxruntime', out: packed });
}, 60_000);

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function rezip(path: string, change: (files: Record<string, Uint8Array>) => void): void {
  const files = unzipSync(readFileSync(path));
  change(files);
  writeFileSync(path, zipSync(files, { level: 0 }));
}

const module = 'coldpress-onnxruntime-1.30.0-x64';

/** What was done to an artifact, and what is found. */
const cases: { name: string; change: (dir: string) => void; found: [kind: string, path: string][] }[] = [
  { name: 'nothing', change: () => {}, found: [] },
  {
    name: 'a changed file',
    change: dir => appendFileSync(join(dir, 'function/model/model.onnx'), ' '),
    found: [['changed', 'function/model/model.onnx']],
  },
  {
    name: 'a missing file',
    change: dir => unlinkSync(join(dir, 'function/index.mjs')),
    found: [['missing', 'function/index.mjs']],
  },
  {
    name: 'a file that was added',
    change: dir => writeFileSync(join(dir, 'function/model/extra.bin'), ''),
    found: [['unlisted', 'function/model/extra.bin']],
  },
  {
    name: 'a native file of the layer',
    change: dir => appendFileSync(join(dir, `layer/nodejs/node_modules/${module}/libonnxruntime.so.1`), ' '),
    found: [['changed', `layer/nodejs/node_modules/${module}/libonnxruntime.so.1`]],
  },
  {
    name: 'a native file and its hash in the manifest',
    change(dir) {
      const path = join(dir, 'function/coldpress.json');
      const manifest = JSON.parse(readFileSync(path, 'utf8'));
      manifest.layer.files.find((file: { origin?: object }) => file.origin).sha256 = '0'.repeat(64);
      writeFileSync(path, JSON.stringify(manifest));
    },
    found: [['changed', 'function.zip/coldpress.json']],
  },
  {
    name: 'a file of the archive',
    change: dir =>
      rezip(join(dir, 'function.zip'), files => {
        files['index.mjs'] = Buffer.from('export const handler = 1');
      }),
    found: [['changed', 'function.zip/index.mjs']],
  },
];

test.each(cases)('$name', async ({ name, change, found }) => {
  const dir = join(scratch, name);
  cpSync(packed, dir, { recursive: true });
  change(dir);
  const { differences } = await verifyArtifact(dir);
  expect(differences.map(({ kind, path }) => [kind, path])).toEqual(found);
});

test('an archive alone', async () => {
  const path = join(scratch, 'alone.zip');
  cpSync(join(packed, 'function.zip'), path);
  expect(await verifyArtifact(path)).toMatchObject({ compared: ['alone.zip'], differences: [] });
  rezip(path, files => {
    files['new.mjs'] = Buffer.from('');
  });
  expect((await verifyArtifact(path)).differences).toEqual([{ kind: 'unlisted', path: 'alone.zip/new.mjs' }]);
});

test.each([
  ['a folder without an artifact', () => scratch, 'ARTIFACT_NOT_FOUND'],
  ['a layer alone', () => join(packed, 'layer.zip'), 'ARTIFACT_NOT_FOUND'],
  ['a file that is no archive', () => join(packed, 'report.json'), 'ARTIFACT_INVALID'],
])('%s', async (_, path, code) => {
  await expect(verifyArtifact(path())).rejects.toMatchObject({ code });
});

test('the command exits with 3 where a file differs', async () => {
  const dir = join(scratch, 'command');
  cpSync(packed, dir, { recursive: true });
  expect((await run(['verify', dir])).code).toBe(0);
  appendFileSync(join(dir, 'function/index.mjs'), ' ');
  const { code, stdout } = await run(['verify', dir, '--json']);
  expect([code, JSON.parse(stdout).differences[0].path]).toEqual([3, 'function/index.mjs']);
});
