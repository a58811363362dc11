import { existsSync, statSync } from 'node:fs';
import { basename, relative, sep } from 'node:path';
import { hashFile } from '../hash-file.ts';
import { isOwnCode } from '../own-code.ts';
import type { Source } from '../sources.ts';
import { LOCK_FILE } from './lock.ts';

/** Files that change with every installation but rarely affect the artifact. */
const unread = new Set([LOCK_FILE, 'package.json']);

/** Larger weights are compared only by size: hashing them would double the time of a pack. */
const hashedBytesAtMost = 64 * 1024 * 1024;

/**
 * The user's own files that an artifact is packed from, relative to it, for comparison by `findStale`.
 * @param known - the model and its hash
 */
export async function describeSources(
  paths: readonly string[],
  { outDir, known }: { outDir: string; known: { path: string; sha256: string } },
): Promise<Source[]> {
  return Promise.all(
    [...new Set(paths)].filter(isSource).map(async path => {
      const sizeBytes = statSync(path).size;
      const source = { path: relative(outDir, path).replaceAll(sep, '/'), sizeBytes };
      if (path === known.path) {
        return { ...source, sha256: known.sha256 };
      }
      return sizeBytes > hashedBytesAtMost ? source : { ...source, sha256: await hashFile(path) };
    }),
  );
}

function isSource(path: string): boolean {
  return (
    !path.includes(`${sep}node_modules${sep}`) &&
    !isOwnCode(path) &&
    !unread.has(basename(path)) &&
    existsSync(path)
  );
}
