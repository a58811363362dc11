import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A hash of the modules that press models. After a change to one, cached models are not used. */
export function pressFingerprint(): string {
  return hashModules(['model', 'contract']);
}

/** A hash of the modules that run functions here. After a change to one, every score is run again. */
export function localFingerprint(): string {
  return hashModules(['local']);
}

function hashModules(names: readonly string[]): string {
  const hash = createHash('sha256');
  const folders = names.map(name => fileURLToPath(new URL(`../${name}`, import.meta.url)));
  const files = folders
    .flatMap(folder => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile());
  for (const path of files.map(entry => join(entry.parentPath, entry.name)).sort()) {
    hash.update(readFileSync(path));
  }
  return hash.digest('hex');
}
