import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../model', import.meta.url));

/** A hash of the modules that press models, so that a changed one finds nothing that its predecessor made. */
export function pressFingerprint(): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  for (const path of files.map(entry => join(entry.parentPath, entry.name)).sort()) {
    hash.update(readFileSync(path));
  }
  return hash.digest('hex');
}
