import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nativeLayer } from '../../lib/native/layer.ts';
import { locateOnnxruntime } from '../../lib/native/onnxruntime.ts';
import { writeZip } from '../../lib/pack/zip.ts';
import { LINUX_SYSTEMS } from '../../lib/targets/linux-system.ts';

test.each([
  ['x64', 18_100_000],
  ['arm64', 10_600_000],
] as const)('the layer for %s zips to at most %d bytes', { timeout: 60_000 }, async (arch, limitBytes) => {
  const layer = nativeLayer(arch, LINUX_SYSTEMS['amazon-linux-2023']);
  const folder = `nodejs/node_modules/coldpress-onnxruntime-1.30.0-${arch}`;
  expect(layer.name).toBe(`coldpress-onnxruntime-1-30-0-${arch}`);
  expect(layer.name).toMatch(/^[a-zA-Z0-9-_]{1,64}$/);
  expect(layer.files.map(file => file.path)).toEqual([
    `${folder}/onnxruntime_binding.node`,
    `${folder}/libonnxruntime.so.1`,
    `${folder}/LICENSE`,
    `${folder}/ThirdPartyNotices.txt`,
  ]);
  const out = join(mkdtempSync(join(tmpdir(), 'coldpress-layer-')), 'layer.zip');
  expect(await writeZip(layer.files, out)).toBeLessThanOrEqual(limitBytes);
  expect(statSync(out).mode & 0o111).toBe(0);
});

test.each([
  ['darwin', 'x64', 'macOS on Intel'],
  ['linux', 'arm', 'Linux on arm'],
  ['freebsd', 'x64', 'freebsd on x64'],
])('names what ONNX Runtime has no build for: %s %s', (os, arch, name) => {
  expect(() => locateOnnxruntime(os, arch)).toThrow(
    expect.objectContaining({
      code: 'NATIVE_UNAVAILABLE',
      message: `ONNX Runtime 1.30.0 has no build for ${name}`,
    }),
  );
});
