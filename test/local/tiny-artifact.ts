import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { defaultSettings } from '../../lib/contract/defaults.ts';
import { type Manifest, SCHEMA_VERSION } from '../../lib/contract/manifest.ts';
import { hostOf } from '../../lib/local/host.ts';

export const host = hostOf(process);

export const tinyManifest = {
  schemaVersion: SCHEMA_VERSION,
  name: 'tiny',
  handler: 'index.handler',
  target: 'aws-lambda',
  architecture: host.arch === 'arm64' ? 'arm64' : 'x64',
  runtime: `nodejs${Number.parseInt(host.nodeVersion, 10)}.x`,
  versions: { coldpress: '0.0.0', node: host.nodeVersion, onnxruntime: '1.30.0' },
  engine: { name: 'onnxruntime', native: 'layer', path: 'coldpress-onnxruntime-1.30.0-x64' },
  model: { path: 'model.onnx', sha256: '', sizeBytes: 0, passes: [], session: {} },
  signature: { inputs: [], outputs: [] },
  rows: { independent: false, reason: 'it has no inputs' },
  golden: { kept: false, reason: 'it has no inputs' },
  ...defaultSettings,
  assets: [],
  files: [],
} satisfies Manifest;

const folders: string[] = [];

afterAll(async () => {
  for (const folder of folders.splice(0)) {
    await rm(folder, { recursive: true, force: true });
  }
});

/** Writes an artifact by hand, for a test file: `source` is its index.mjs, `files` are others, relative to it. */
export async function tinyArtifact(
  source: string,
  { files = {}, ...changes }: Partial<Omit<Manifest, 'files'>> & { files?: Record<string, string> } = {},
): Promise<string> {
  const dir = await emptyFolder();
  const all = {
    'function/coldpress.json': JSON.stringify({ ...tinyManifest, ...changes }),
    'function/index.mjs': source,
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  return dir;
}

/** A temporary folder that goes with the test file. */
export async function emptyFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'coldpress-test-'));
  folders.push(dir);
  return dir;
}
