import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const name = 'onnxruntime-node';
export const shippedJson = fileURLToPath(new URL('../../lib/native/shipped.json', import.meta.url));

/** The list of native files as the lock file and the installed package have them. */
export function shippedList(files: readonly string[]) {
  const lock = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'));
  const { version, integrity } = lock.packages[`node_modules/${name}`];
  const dir = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  const hash = (file: string) =>
    createHash('sha256')
      .update(readFileSync(join(dir, file)))
      .digest('hex');
  return {
    package: name,
    version,
    integrity,
    files: Object.fromEntries(files.map(file => [file, hash(file)])),
  };
}
