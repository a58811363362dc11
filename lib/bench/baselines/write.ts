import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultSettings } from '../../contract/defaults.ts';
import { FUNCTION_FOLDER } from '../../contract/files.ts';
import { MANIFEST_FILE, type Manifest, SCHEMA_VERSION } from '../../contract/manifest.ts';
import type { Host } from '../../local/host.ts';
import { version } from '../../version.ts';
import { copyPackage } from './installed-package.ts';

/** How a target starts a function whose handler is that of a Function URL. */
interface Dialect {
  /** Returns the source of the module. */
  module(handler: string): string;
  /** The handler that the manifest names. */
  handler: string;
  /** Installs the module's dependencies into its node_modules. */
  install(nodeModules: string, host: Host): Promise<void>;
}

const framework = '@google-cloud/functions-framework';

const dialects: Record<Manifest['target'], Dialect> = {
  'aws-lambda': {
    module: handler => `exports.handler = ${handler};\n`,
    handler: 'index.handler',
    install: async () => {},
  },
  gcf: {
    module: handler => `const handler = ${handler};
exports.http = async (request, response) => {
  const body = request.rawBody?.toString('base64') ?? '';
  const answer = await handler({ headers: request.headers, body, isBase64Encoded: true });
  response.status(answer.statusCode).set(answer.headers ?? {}).send(answer.body);
};
`,
    handler: 'index.handler',
    async install(nodeModules, host) {
      await copyPackage(framework, nodeModules, { host, range: '5' });
      await mkdir(join(nodeModules, '.bin'), { recursive: true });
      await symlink(`../${framework}/build/src/main.js`, join(nodeModules, '.bin/functions-framework'));
    },
  },
  container: {
    module: handler => `const express = require('express');
const handler = ${handler};
const app = express();
app.use(express.raw({ type: () => true, limit: '32mb' }));
app.use(async (request, response) => {
  const body = request.body?.toString('base64') ?? '';
  const answer = await handler({ headers: request.headers, body, isBase64Encoded: true });
  response.status(answer.statusCode).set(answer.headers ?? {}).send(answer.body);
});
app.listen(process.env.PORT);
`,
    handler: 'index.js',
    install: (nodeModules, host) => copyPackage('express', nodeModules, { host, range: '5' }),
  },
};

/**
 * Writes a hand-written CommonJS function as an artifact, `dir/function/`, so that it can be started like a packed one.
 * The manifest only contains what that requires. Returns the function's folder.
 * @param baseline.handler - source of an expression that evaluates to the handler
 */
export async function writeBaseline(
  dir: string,
  baseline: { name: string; handler: string; host: Host; onnxruntime: string; like: Manifest | undefined },
): Promise<string> {
  const { name, handler, host, onnxruntime, like } = baseline;
  const target = like?.target ?? 'aws-lambda';
  const dialect = dialects[target];
  const functionDir = join(dir, FUNCTION_FOLDER);
  await mkdir(functionDir, { recursive: true });
  await writeFile(join(functionDir, 'index.js'), dialect.module(handler));
  await writeFile(
    join(functionDir, 'package.json'),
    JSON.stringify({ name, type: 'commonjs', main: 'index.js' }),
  );
  await dialect.install(join(functionDir, 'node_modules'), host);
  const manifest: Manifest = {
    schemaVersion: SCHEMA_VERSION,
    name,
    handler: dialect.handler,
    target,
    architecture: host.arch === 'arm64' ? 'arm64' : 'x64',
    runtime: like?.runtime ?? 'nodejs24.x',
    versions: { coldpress: version, node: like?.versions.node ?? '24', onnxruntime },
    engine: { name: 'onnxruntime', native: 'inline', path: '' },
    model: { path: '', sha256: '', sizeBytes: 0, passes: [], session: {} },
    signature: { inputs: [], outputs: [] },
    rows: { independent: false, reason: 'a baseline has no model of its own' },
    golden: { kept: false, reason: 'a baseline has no model of its own' },
    ...defaultSettings,
    assets: [],
    files: [],
  };
  await writeFile(join(functionDir, MANIFEST_FILE), JSON.stringify(manifest));
  return functionDir;
}
