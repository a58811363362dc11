import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { arch } from 'node:os';
import { join } from 'node:path';
import { MANIFEST_FILE, type Manifest } from '../../lib/manifest.ts';

/**
 * Lays a hand-written CommonJS function out as an artifact, `dir/function/`, so that the local Lambda starts it as it
 * starts a packed one. The manifest holds what that needs and no more. Returns the function's folder.
 */
export async function writeBaseline(
  dir: string,
  { name, handlerFile }: { name: string; handlerFile: string },
): Promise<string> {
  const functionDir = join(dir, 'function');
  await mkdir(functionDir, { recursive: true });
  await copyFile(join(import.meta.dirname, handlerFile), join(functionDir, 'index.js'));
  await writeFile(join(functionDir, 'package.json'), JSON.stringify({ name, type: 'commonjs' }));
  const manifest: Manifest = {
    schemaVersion: 1,
    name,
    handler: 'index.handler',
    target: 'aws-lambda',
    architecture: arch() === 'arm64' ? 'arm64' : 'x64',
    runtime: 'nodejs24.x',
    versions: { coldpress: '', node: '24', onnxruntime: '' },
    engine: { name: 'onnxruntime', native: 'inline', path: '' },
    model: { path: '', sha256: '', sizeBytes: 0, passes: [], session: {} },
    signature: { inputs: [], outputs: [] },
    assets: [],
    files: [],
  };
  await writeFile(join(functionDir, MANIFEST_FILE), JSON.stringify(manifest));
  return functionDir;
}
