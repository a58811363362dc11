import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { nativeLayer } from '../../lib/native/layer.ts';
import { collectNotices } from '../../lib/pack/notices.ts';
import { LINUX_SYSTEMS } from '../../lib/targets/linux-system.ts';
import { vendoredDir } from '../../lib/vendored.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const system = LINUX_SYSTEMS['amazon-linux-2023'];

/** A metafile that says these inputs went into the bundle. */
const bundled = (...inputs: string[]) => ({
  outputs: { 'index.mjs': { inputs: Object.fromEntries(inputs.map(path => [path, { bytesInOutput: 1 }])) } },
});
const notices = (...inputs: string[]) => collectNotices(bundled(...inputs) as never);

test('a layer holds the licences of ONNX Runtime and of what it contains', () => {
  const { files } = nativeLayer('arm64', system);
  const text = (name: string) =>
    readFileSync(files.find(file => file.path.endsWith(`/${name}`))!.source, 'utf8');
  expect(text('LICENSE')).toMatch(/^MIT License\s+Copyright \(c\) Microsoft Corporation/);
  const parts = ['protobuf', 'abseil', 'eigen', 'flatbuffers', 're2', 'cpuinfo', 'onnx/onnx', 'safeint'];
  const all = text('ThirdPartyNotices.txt').toLowerCase();
  expect(parts.filter(part => !all.includes(part))).toEqual([]);
});

test('a bundle’s notices are those of the packages in it, coldpress among them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'coldpress-notices-'));
  const scoped = join(folder, 'node_modules/@scope/tool');
  mkdirSync(join(scoped, 'esm'), { recursive: true });
  writeFileSync(join(scoped, 'package.json'), '{"name":"@scope/tool","version":"1.0.0","license":"ISC"}');
  writeFileSync(join(scoped, 'esm/package.json'), '{"type":"module"}');
  writeFileSync(join(scoped, 'LICENSE.md'), 'ISC text');
  writeFileSync(join(scoped, 'NOTICE'), 'and a notice');
  writeFileSync(join(folder, 'package.json'), '{"name":"customer","version":"1.0.0"}');

  const text = notices(
    'lib/runtime/index.ts',
    'node_modules/valibot/dist/index.mjs',
    join(scoped, 'esm/index.js'),
    join(scoped, 'esm/more.js'),
    join(folder, 'score.ts'),
  );
  expect(text.match(/^.* \d+\.\d+\.\d+ \(.*\)$/gm)).toEqual([
    '@scope/tool 1.0.0 (ISC)',
    expect.stringMatching(/^coldpress .* \(Apache-2\.0\)$/),
    expect.stringMatching(/^valibot .* \(MIT\)$/),
  ]);
  expect(text).toContain('ISC text\n\nand a notice');
  expect(text).toContain('TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION');
  expect(text).toContain('Fabian Hiller');
});

test('code that was shaken out of the bundle needs no notice', () => {
  const outputs = {
    'index.mjs': { inputs: { 'node_modules/valibot/dist/index.mjs': { bytesInOutput: 0 } } },
  };
  expect(collectNotices({ outputs } as never)).not.toContain('valibot');
});

test('the notices of the package name all that it carries', () => {
  const text = readFileSync(join(root, 'THIRD-PARTY-NOTICES.md'), 'utf8');
  expect(text).toContain(readFileSync(join(vendoredDir('esbuild'), 'LICENSE.md'), 'utf8').trim());
  expect(text).toContain('lib/native/licenses/onnxruntime');
});
