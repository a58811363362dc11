import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { onnxruntimeVersion } from '../../lib/native/onnxruntime.ts';
import { checkInstalled, shipped } from '../../lib/native/shipped.ts';
import { vendoredDir } from '../../lib/vendored.ts';
import { shippedList } from './shipped-list.ts';

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-shipped-'));
afterAll(() => rmSync(scratch, { recursive: true }));

test('the list of native files is what the lock file and the installed package say', () => {
  expect(shipped).toEqual(shippedList(Object.keys(shipped.files)));
  expect(shipped.version).toBe(onnxruntimeVersion());
});

/** A copy of the installed files for one CPU. */
function copyOf(name: string): { root: string; path: string } {
  const root = join(scratch, name);
  for (const file of Object.keys(shipped.files).filter(file => file.includes('linux/arm64'))) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    copyFileSync(join(vendoredDir(shipped.package), file), join(root, file));
  }
  return { root, path: join(root, 'bin/napi-v6/linux/arm64/onnxruntime_binding.node') };
}

test('installed files that are the published ones pass, and a file that is absent is none of them', () => {
  const { root, path } = copyOf('whole');
  checkInstalled('linux', 'arm64', root);
  rmSync(path);
  checkInstalled('linux', 'arm64', root);
  checkInstalled('darwin', 'x64', root);
});

test('an installed file with one byte changed is refused by name', () => {
  const { root, path } = copyOf('changed');
  const bytes = readFileSync(path);
  bytes[1000]! ^= 1;
  writeFileSync(path, bytes);
  expect(() => checkInstalled('linux', 'arm64', root)).toThrow(
    expect.objectContaining({
      code: 'NATIVE_CHANGED',
      message: expect.stringContaining(path),
      hint: expect.stringContaining('npm install'),
    }),
  );
});
