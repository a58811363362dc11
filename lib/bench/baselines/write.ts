import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../local/host.ts';
import { MANIFEST_FILE, type Manifest } from '../../manifest.ts';
import { version } from '../../version.ts';

/**
 * Lays a hand-written CommonJS function out as an artifact, `dir/function/`, so that it is started as a packed one is.
 * The manifest holds what that needs and no more. Returns the function's folder.
 * @param baseline.handler - the text of an expression that is the handler
 */
export async function writeBaseline(
  dir: string,
  baseline: { name: string; handler: string; host: Host; onnxruntime: string; like: Manifest | undefined },
): Promise<string> {
  const { name, handler, host, onnxruntime, like } = baseline;
  const functionDir = join(dir, 'function');
  await mkdir(functionDir, { recursive: true });
  await writeFile(join(functionDir, 'index.js'), `exports.handler = ${handler};\n`);
  await writeFile(join(functionDir, 'package.json'), JSON.stringify({ name, type: 'commonjs' }));
  const manifest: Manifest = {
    schemaVersion: 1,
    name,
    handler: 'index.handler',
    target: 'aws-lambda',
    architecture: host.arch === 'arm64' ? 'arm64' : 'x64',
    runtime: like?.runtime ?? 'nodejs24.x',
    versions: { coldpress: version, node: like?.versions.node ?? '24', onnxruntime },
    engine: { name: 'onnxruntime', native: 'inline', path: '' },
    model: { path: '', sha256: '', sizeBytes: 0, passes: [], session: {} },
    signature: { inputs: [], outputs: [] },
    assets: [],
    files: [],
  };
  await writeFile(join(functionDir, MANIFEST_FILE), JSON.stringify(manifest));
  return functionDir;
}
