import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compareVersions, elfArchitecture, readElf } from '../../lib/native/elf.ts';
import { locateOnnxruntime } from '../../lib/native/onnxruntime.ts';
import { makeElf } from './make-elf.ts';

test.each(['x64', 'arm64'] as const)('reads ONNX Runtime’s own binding for %s', arch => {
  const { dir } = locateOnnxruntime('linux', arch);
  const elf = readElf(readFileSync(join(dir, 'onnxruntime_binding.node')));
  expect(elf).toMatchObject({
    architecture: arch,
    soname: 'onnxruntime_binding.node',
    runpath: ['$ORIGIN/'],
    rpath: [],
    requires: { GLIBCXX: '3.4.21', CXXABI: '1.3.9' },
  });
  expect(elf.needed.slice(0, 2)).toEqual(['libonnxruntime.so.1', 'libstdc++.so.6']);
  expect(readElf(readFileSync(join(dir, 'libonnxruntime.so.1'))).requires).toMatchObject({
    GLIBC: '2.28',
    GLIBCXX: '3.4.22',
  });
});

test('takes the highest version of each family, by number', () => {
  const elf = readElf(
    makeElf({
      versions: {
        'libc.so.6': ['GLIBC_2.4', 'GLIBC_2.28', 'GLIBC_PRIVATE', 'GLIBC_2.40?'],
        'libstdc++.so.6': ['GLIBCXX_3.4.9', 'GLIBCXX_3.4.21', 'CXXABI_1.3.13', 'CXXABI_1.3.9'],
      },
    }),
  );
  expect(elf.requires).toEqual({ GLIBC: '2.28', GLIBCXX: '3.4.21', CXXABI: '1.3.13' });
});

test('knows the marker of packed relocations as glibc 2.36', () => {
  const elf = readElf(makeElf({ versions: { 'libc.so.6': ['GLIBC_2.17', 'GLIBC_ABI_DT_RELR'] } }));
  expect(elf.requires.GLIBC).toBe('2.36');
});

test('splits search paths', () => {
  const elf = readElf(makeElf({ runpath: '$ORIGIN/../lib:/opt/lib', rpath: '$ORIGIN' }));
  expect(elf).toMatchObject({ runpath: ['$ORIGIN/../lib', '/opt/lib'], rpath: ['$ORIGIN'], soname: null });
});

test('tells the CPU from the first bytes', () => {
  expect(elfArchitecture(makeElf({ arch: 'arm64' }).subarray(0, 20))).toBe('arm64');
  const riscv = makeElf({});
  riscv.writeUInt16LE(243, 18);
  expect(elfArchitecture(riscv)).toBeNull();
  expect(elfArchitecture(Buffer.from('MZ'))).toBeUndefined();
});

test('never fails on damaged files with anything but a plain error', () => {
  const whole = makeElf({
    needed: ['liba.so'],
    runpath: '$ORIGIN',
    versions: { 'libc.so.6': ['GLIBC_2.28'] },
  });
  for (let length = 0; length < whole.length; length += 1) {
    expect(() => readElf(whole.subarray(0, length))).toThrow(/ELF file/);
  }
  for (let at = 0; at < whole.length; at += 1) {
    for (const value of [0x00, 0x7f, 0xff]) {
      const damaged = Buffer.from(whole);
      damaged[at] = value;
      try {
        readElf(damaged);
      } catch (error) {
        expect((error as Error).message).toMatch(/ELF file/);
      }
    }
  }
});

test.each([
  ['2.4', '2.28', -1],
  ['2.34', '2.34', 0],
  ['3.4.30', '3.4.29', 1],
  ['3.4', '3.4.1', -1],
])('compares %s with %s', (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign);
});
