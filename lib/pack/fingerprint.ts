import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folders = ['model', 'contract'].map(name => fileURLToPath(new URL(`../${name}`, import.meta.url)));

/** A hash of the modules that press models. After a change to one, cached models are not used. */
export function pressFingerprint(): string {
  const hash = createHash('sha256');
  const files = folders
    .flatMap(folder => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile());
  for (const path of files.map(entry => join(entry.parentPath, entry.name)).sort()) {
    hash.update(readFileSync(path));
  }
  return hash.digest('hex');
}
