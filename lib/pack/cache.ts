import { createHash } from 'node:crypto';
import { readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import envPaths from 'env-paths';
import { ColdpressError } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { isUnchanged, writeChecksums } from './checksums.ts';

/** Entries unused for this long are removed when a new one is created. */
const keepDays = 30;

/** The cache folder. COLDPRESS_CACHE_DIR takes precedence. */
export function cacheRoot(env: NodeJS.ProcessEnv): string {
  return env.COLDPRESS_CACHE_DIR ?? envPaths('coldpress', { suffix: '' }).cache;
}

/**
 * Returns the folder that `build` fills for this key, building it only once: its content must depend on the key alone.
 * A folder whose content has changed since is built again. Processes that build the same key at the same time do not
 * interfere; the first to finish wins.
 * @returns the folder's path, for reading only, and whether it was in the cache
 */
export async function cached(
  root: string,
  key: Record<string, unknown>,
  build: (dir: string) => Promise<void>,
): Promise<{ dir: string; hit: boolean }> {
  const dir = join(root, createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 32));
  const now = new Date();
  const isThere = await utimes(dir, now, now).then(
    () => true,
    () => false,
  );
  const hit = isThere && (await isUnchanged(dir));
  if (!hit) {
    const temporary = await makeTemporary(root);
    try {
      await build(temporary);
      await writeChecksums(temporary);
      if (isThere) {
        await rm(dir, { recursive: true, force: true });
      }
      await rename(temporary, dir).catch(async error => {
        if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') {
          throw error;
        }
      });
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
    await prune(root, now);
  }
  return { dir, hit };
}

async function makeTemporary(root: string): Promise<string> {
  try {
    await makeFolder(root);
    return await makeTemporaryFolder({ purpose: 'new', parent: root });
  } catch (cause) {
    throw new ColdpressError('CACHE_UNWRITABLE', `the cache ${root} cannot be written`, {
      hint: 'set COLDPRESS_CACHE_DIR to a folder that can',
      cause,
    });
  }
}

async function prune(root: string, now: Date): Promise<void> {
  for (const name of await readdir(root)) {
    const path = join(root, name);
    const age = await stat(path).then(
      found => now.getTime() - found.mtimeMs,
      () => 0,
    );
    if (age > keepDays * 24 * 3600 * 1000) {
      await rm(path, { recursive: true, force: true });
    }
  }
}
