import { cpSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Manifest, parseManifest } from '../../lib/contract/manifest.ts';
import type { Program } from '../../lib/contract/program.ts';
import { hostOf } from '../../lib/local/host.ts';
import { invokeOnce } from '../../lib/local/invoke.ts';
import { pack } from '../../lib/pack/pack.ts';
import { example, makeScratch, packExample } from './pack-example.ts';

const scratch = makeScratch();
const host = hostOf(process);
const event = readFileSync(join(example, 'event.json'), 'utf8');
let manifest: Manifest;
let dir: string;

beforeAll(async () => {
  dir = await packExample(scratch, 'compiled');
  manifest = parseManifest(readFileSync(join(dir, 'function/coldpress.json'), 'utf8'));
}, 120_000);

test('there is no layer, no native file and no architecture', () => {
  expect(manifest).toMatchObject({ engine: { name: 'compiled' }, architecture: 'any' });
  expect(manifest.layer).toBeUndefined();
  expect(existsSync(join(dir, 'layer.zip'))).toBe(false);
  expect(manifest.files.filter(({ path }) => /\.(node|so|onnx)/.test(path))).toEqual([]);
});

test('the zip is at most 60 KB with its counts for drift, and has the kernels of this model alone', () => {
  expect(readFileSync(join(dir, 'function.zip')).length).toBeLessThanOrEqual(60_000);
  const code = readFileSync(join(dir, 'function/index.mjs'), 'utf8');
  expect(code).toContain('TreeEnsembleClassifier');
  expect(code).not.toContain('SVMClassifier');
  expect(code).not.toContain('onnxruntime_binding');
});

test('the cast of labels to the type that they have is no step', () => {
  const { graph } = JSON.parse(readFileSync(join(dir, 'function/model/program.json'), 'utf8')) as Program;
  expect(graph.steps.map(({ kernel }) => kernel)).toEqual(['treeEnsembleClassifier']);
});

test('the same zip is made for either CPU', async () => {
  const other = join(scratch, 'other');
  await pack({ cwd: example, env: process.env, engine: 'compiled', arch: 'arm64', out: other });
  const [one, two] = [dir, other].map(out => readFileSync(join(out, 'function.zip')));
  expect(one!.equals(two!)).toBe(true);
});

test('it answers, without a phase for a native library', async () => {
  const { statusCode, phases } = await invokeOnce(dir, { host, event });
  expect(statusCode).toBe(200);
  expect(phases.inside.map(({ name }) => name)).toEqual(['boot', 'model', 'first']);
});

describe('weights that are not those that were packed are refused in INIT:', () => {
  const weights = (out: string) => join(out, 'function/model/model.data');
  test.each<[name: string, damage: (out: string) => void, says: RegExp]>([
    ['cut', out => truncateSync(weights(out), 1000), /has 1000 bytes/],
    [
      'altered',
      out => {
        const bytes = readFileSync(weights(out));
        bytes[5000]! ^= 1;
        writeFileSync(weights(out), bytes);
      },
      /was changed/,
    ],
  ])('%s', async (name, damage, says) => {
    const copy = join(scratch, name);
    cpSync(dir, copy, { recursive: true });
    damage(copy);
    const { functionError, logs } = await invokeOnce(copy, { host, event });
    expect(functionError).toBe('Unhandled');
    expect(logs).toMatch(says);
    // Said in INIT, not by the first request.
    expect(logs).toMatch(/INIT_REPORT .*Phase: init\tStatus: error/);
  });
});
