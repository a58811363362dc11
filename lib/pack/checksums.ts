import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { hashFile } from '../hash-file.ts';

/** A file in each cache entry with the SHA-256 of every other file, by path. */
export const CHECKSUMS_FILE = '.checksums.json';

export async function writeChecksums(dir: string): Promise<void> {
  await writeFile(join(dir, CHECKSUMS_FILE), JSON.stringify(await checksums(dir)));
}

/**
 * Whether a folder still contains what was written to it. Bad disks, power cuts and caches that are copied between
 * machines change files silently.
 */
export async function isUnchanged(dir: string): Promise<boolean> {
  try {
    const written = JSON.parse(await readFile(join(dir, CHECKSUMS_FILE), 'utf8'));
    return isDeepStrictEqual(await checksums(dir), written);
  } catch {
    return false;
  }
}

async function checksums(dir: string): Promise<Record<string, string>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const paths = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  const sums: Record<string, string> = {};
  for (const path of paths.sort()) {
    const name = relative(dir, path).replaceAll(sep, '/');
    if (name !== CHECKSUMS_FILE) {
      sums[name] = await hashFile(path);
    }
  }
  return sums;
}
