import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rapidClientModule } from '../local/runtime-client/rapid-client.ts';
import { carriedDir } from '../vendored.ts';
import { kernelRandomnessModule } from './kernel-randomness.ts';
import type { LayerFile } from './layer.ts';
import { sha256Of } from './oci.ts';

/** Lambda passes the handler in `_HANDLER` or as the argument, which a function's settings may override. */
const bootstrap = `process.env._HANDLER ||= process.argv[2] ?? 'index.handler';
process.env.LAMBDA_TASK_ROOT ||= '/var/task';
if (process.env.AWS_LAMBDA_INITIALIZATION_TYPE === 'snap-start') {
  await import('./kernel-randomness.mjs');
}
await import('./index.mjs');
`;

const licences = ['LICENSE', 'NOTICE', 'THIRD-PARTY-LICENSES'];

/** The files of AWS's runtime client in an image, with a JavaScript transport instead of the native one. */
export function runtimeClientFiles(folder: string): LayerFile[] {
  const dir = runtimeClientDir();
  const copied = (name: string, to = name) => text(`${folder}/${to}`, readFileSync(join(dir, name), 'utf8'));
  return [
    text(`${folder}/bootstrap.mjs`, bootstrap),
    text(`${folder}/kernel-randomness.mjs`, kernelRandomnessModule()),
    copied('index.mjs'),
    text(`${folder}/rapid-client.node.js`, rapidClientModule()),
    ...licences.map(name => copied(name, `aws-lambda-ric.${name}.txt`)),
  ];
}

/** The published package includes it; in a clone, `npm ci` installs it. */
function runtimeClientDir(): string {
  const clone = fileURLToPath(
    new URL('../local/aws-lambda-ric/node_modules/aws-lambda-ric', import.meta.url),
  );
  return carriedDir('aws-lambda-ric') ?? clone;
}

function text(path: string, contents: string): LayerFile {
  return {
    path,
    contents,
    sizeBytes: Buffer.byteLength(contents),
    sha256: sha256Of(contents).slice('sha256:'.length),
  };
}
