import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Manifest, type NativeEngine, parseManifest } from '../../lib/contract/manifest.ts';
import { hostOf } from '../../lib/local/host.ts';
import { invokeOnce } from '../../lib/local/invoke.ts';
import { pack } from '../../lib/pack/pack.ts';
import type { PackOptions } from '../../lib/pack/pack-options.ts';

const example = fileURLToPath(new URL('../../examples/breast-cancer', import.meta.url));
const event = readFileSync(join(example, 'event.json'), 'utf8');
const scratch = mkdtempSync(join(tmpdir(), 'coldpress-layer-'));
const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
const host = hostOf(process);
const malignant = { statusCode: 200, answer: { label: 'malignant' } };

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function packExample(out: string, changes: Partial<PackOptions> = {}): Promise<Manifest> {
  const { manifest } = await pack({
    cwd: example,
    env: process.env,
    arch,
    engine: 'onnxruntime',
    out: join(scratch, out),
    ...changes,
  });
  return manifest;
}

/** A copy of the layered artifact, for a test to damage. */
function copyOf(out: string, name: string): string {
  const copy = join(scratch, name);
  cpSync(join(scratch, out), copy, { recursive: true });
  return copy;
}

let manifest: Manifest;

beforeAll(async () => {
  manifest = await packExample('layer');
  await packExample('inline', { native: 'inline' });
});

test.each(['layer', 'inline'])('%s: the function answers from its own native files', async out => {
  const result = await invokeOnce(join(scratch, out), { host, event });
  expect(result).toMatchObject({ ...malignant, engine: { kind: 'artifact' } });
});

test('inline, there is no layer, and the native files are the function’s', async () => {
  const inline = parseManifest(
    readFileSync(join(scratch, 'inline/function/coldpress.json'), 'utf8'),
  ) as Manifest;
  expect(inline.layer).toBeUndefined();
  const { path } = inline.engine as NativeEngine;
  expect(inline.files.map(file => file.path)).toContain(`${path}/onnxruntime_binding.node`);
});

test('two functions share one layer', async () => {
  const other = await packExample('other', { cwd: scratch, model: join(example, 'model.onnx') });
  expect(other.name).not.toBe(manifest.name);
  expect(other.layer).toEqual(manifest.layer);
  const zips = ['layer', 'other'].map(out => readFileSync(join(scratch, out, 'layer.zip')));
  expect(zips[0]!.equals(zips[1]!)).toBe(true);

  const copy = copyOf('other', 'other-with-the-layer-of-the-first');
  rmSync(join(copy, 'layer'), { recursive: true });
  cpSync(join(scratch, 'layer/layer'), join(copy, 'layer'), { recursive: true });
  const input = readFileSync(join(example, 'request.json'), 'utf8');
  const result = await invokeOnce(copy, { host, input });
  expect(result).toMatchObject({ statusCode: 200, engine: { kind: 'artifact' } });
});

describe('at its start, a function says exactly what is wrong with its layer:', () => {
  const needed = () => (manifest.engine as NativeEngine).path;
  const older = () => needed().replace(/\d+\.\d+\.\d+/, '1.2.3');
  const modules = (copy: string) => join(copy, 'layer/nodejs/node_modules');
  const cases: [name: string, damage: (copy: string) => void, found: () => string][] = [
    ['missing', copy => rmSync(join(copy, 'layer'), { recursive: true }), () => 'no coldpress layer is'],
    [
      'of another version',
      copy => renameSync(join(modules(copy), needed()), join(modules(copy), older())),
      () => `only ${older()} is`,
    ],
  ];

  test.each(cases)('%s', async (name, damage, found) => {
    const copy = copyOf('layer', name.replaceAll(' ', '-'));
    damage(copy);
    const { functionError, answer, logs } = await invokeOnce(copy, { host, event });
    const errorMessage = `this function needs the layer ${needed()}, and ${found()} attached; attach the layer.zip it was packed with`;
    expect(functionError).toBe('Unhandled');
    expect(answer).toMatchObject({ errorType: 'Error', errorMessage });
    // Said in INIT, not by the first request.
    expect(logs).toMatch(/INIT_REPORT .*Phase: init\tStatus: error/);
  });

  test('whole, but without its library', async () => {
    const copy = copyOf('layer', 'without-library');
    rmSync(join(modules(copy), needed(), 'libonnxruntime.so.1'));
    const { answer } = await invokeOnce(copy, { host, event });
    expect(answer).toMatchObject({ errorMessage: expect.stringContaining('libonnxruntime.so.1') });
  });

  test('inline, without its native folder', async () => {
    const copy = copyOf('inline', 'inline-without-folder');
    rmSync(join(copy, 'function', needed()), { recursive: true });
    const { answer } = await invokeOnce(copy, { host, event });
    expect(answer).toMatchObject({
      errorMessage: expect.stringContaining(`${needed()}/onnxruntime_binding.node`),
    });
  });
});

describe('a native file is refused when one byte of it changed:', () => {
  const change = (path: string) => {
    const bytes = readFileSync(path);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(path, bytes);
  };
  const refusal = (file: string) =>
    expect.objectContaining({ code: 'ARTIFACT_CHANGED', message: expect.stringContaining(file) });

  test.each([
    ['layer', 'layer/nodejs/node_modules', 'libonnxruntime.so.1'],
    ['inline', 'function', 'onnxruntime_binding.node'],
  ])('%s', async (out, folder, file) => {
    const copy = copyOf(out, `changed-${out}`);
    change(join(copy, folder, (manifest.engine as NativeEngine).path, file));
    await expect(invokeOnce(copy, { host, event })).rejects.toThrow(refusal(file));
  });

  test('the manifest changed with it', async () => {
    const copy = copyOf('inline', 'changed-with-manifest');
    const path = join((manifest.engine as NativeEngine).path, 'onnxruntime_binding.node');
    change(join(copy, 'function', path));
    const changed = createHash('sha256')
      .update(readFileSync(join(copy, 'function', path)))
      .digest('hex');
    const manifestPath = join(copy, 'function/coldpress.json');
    const text = readFileSync(manifestPath, 'utf8');
    const { sha256 } = parseManifest<Manifest>(text).files.find(file => file.path === path)!;
    writeFileSync(manifestPath, text.replace(sha256, changed));
    await expect(invokeOnce(copy, { host, event })).rejects.toThrow(refusal(path));
  });
});

test('the manifest has the origin of each native file', () => {
  const native = manifest.layer!.files.filter(({ path }) => /\.(node|so)/.test(path));
  expect(native).toHaveLength(2);
  for (const { path, origin } of native) {
    expect(origin).toEqual({
      package: 'onnxruntime-node',
      version: manifest.versions.onnxruntime,
      file: `bin/napi-v6/linux/${arch}/${basename(path)}`,
      integrity: expect.stringMatching(/^sha512-/),
    });
  }
});

test('a layer is found in the folder of a major version too', async () => {
  const copy = copyOf('layer', 'by-major');
  const nodejs = join(copy, 'layer/nodejs');
  const major = join(nodejs, `node${Number.parseInt(manifest.versions.node, 10)}`);
  mkdirSync(major);
  renameSync(join(nodejs, 'node_modules'), join(major, 'node_modules'));
  expect(await invokeOnce(copy, { host, event })).toMatchObject(malignant);
});
