import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { nativeClosure } from '../../lib/native/closure.ts';
import { locateOnnxruntime } from '../../lib/native/onnxruntime.ts';
import { LINUX_SYSTEMS } from '../../lib/targets/linux-system.ts';
import { type ElfRecipe, makeElf } from './make-elf.ts';

const system = LINUX_SYSTEMS['amazon-linux-2023'];

/** A temporary folder of made libraries; returns the path of the first. */
function libraries(recipes: Record<string, ElfRecipe>): string {
  const root = mkdtempSync(join(tmpdir(), 'coldpress-closure-'));
  for (const [name, recipe] of Object.entries(recipes)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), makeElf(recipe));
  }
  return join(root, Object.keys(recipes)[0] ?? '');
}

const paths = (entry: string) => nativeClosure(entry, { arch: 'x64', system }).map(file => file.path);

test('ONNX Runtime is its binding and its library', () => {
  const { dir } = locateOnnxruntime('linux', 'arm64');
  const files = nativeClosure(join(dir, 'onnxruntime_binding.node'), {
    arch: 'arm64',
    system,
    reason: 'engine',
  });
  expect(files).toEqual([
    {
      path: 'onnxruntime_binding.node',
      sizeBytes: 394648,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      reason: 'engine',
      source: join(dir, 'onnxruntime_binding.node'),
    },
    expect.objectContaining({ path: 'libonnxruntime.so.1', reason: 'needed by onnxruntime_binding.node' }),
  ]);
});

test('follows search paths through folders, each library once', () => {
  const entry = libraries({
    'bin/a.node': { needed: ['libb.so.1', 'libc.so.6'], runpath: '/usr/lib:$ORIGIN/../lib' },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the linker's own notation
    'lib/libb.so.1': { needed: ['libd.so', 'libm.so.6'], runpath: '${ORIGIN}/deep' },
    'lib/deep/libd.so': { needed: ['libb.so.1'] },
  });
  expect(paths(entry)).toEqual(['a.node', '../lib/libb.so.1', '../lib/deep/libd.so']);
});

test('the older search path is inherited, the newer is not', () => {
  const chain = (kind: 'rpath' | 'runpath') =>
    libraries({
      'a.node': { needed: ['libb.so'], [kind]: '$ORIGIN' },
      'libb.so': { needed: ['libd.so'] },
      'libd.so': {},
    });
  expect(paths(chain('rpath'))).toEqual(['a.node', 'libb.so', 'libd.so']);
  expect(() => paths(chain('runpath'))).toThrow(/libb\.so needs libd\.so/);
});

test.each<[string, ElfRecipe, RegExp, string]>([
  ['another CPU', { arch: 'arm64' }, /is for arm64; the function runs on x64/, 'NATIVE_WRONG_CPU'],
  [
    'a newer glibc',
    { versions: { 'libc.so.6': ['GLIBC_2.17', 'GLIBC_2.35'] } },
    /needs GLIBC_2\.35; Amazon Linux 2023 has GLIBC_2\.34/,
    'NATIVE_SYSTEM_TOO_OLD',
  ],
  [
    'a newer libstdc++',
    { versions: { 'libstdc++.so.6': ['GLIBCXX_3.4.30'] } },
    /needs GLIBCXX_3\.4\.30; Amazon Linux 2023 has GLIBCXX_3\.4\.29/,
    'NATIVE_SYSTEM_TOO_OLD',
  ],
  ['musl', { needed: ['libc.musl-x86_64.so.1'] }, /is built for musl/, 'NATIVE_LIBRARY_MISSING'],
])('refuses %s', (_, recipe, message, code) => {
  const entry = libraries({ 'addon.node': recipe });
  expect(() => paths(entry)).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) }),
  );
});

test('refuses a binding whose library was not copied with it', () => {
  const { dir } = locateOnnxruntime('linux', 'x64');
  const alone = join(mkdtempSync(join(tmpdir(), 'coldpress-closure-')), 'onnxruntime_binding.node');
  copyFileSync(join(dir, 'onnxruntime_binding.node'), alone);
  expect(() => paths(alone)).toThrow(
    expect.objectContaining({
      code: 'NATIVE_LIBRARY_MISSING',
      message: expect.stringContaining('needs libonnxruntime.so.1'),
    }),
  );
});

test('refuses a Mac’s addon', () => {
  const { dir } = locateOnnxruntime('darwin', 'arm64');
  expect(() => paths(join(dir, 'onnxruntime_binding.node'))).toThrow(
    expect.objectContaining({ code: 'NATIVE_NOT_ELF' }),
  );
});
