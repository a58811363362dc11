import {
  constants,
  copyFile,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { type Claim, claim } from '../claim.ts';
import { ColdpressError } from '../errors.ts';
import type { Change } from './merge.ts';

/** Contains copies of new and of replaced files, from which the next run undoes one that was killed. */
const stagingName = '.coldpress-init';
const [newFolder, mergedFolder, beforeFolder] = ['new', 'merged', 'before'];

/**
 * Writes and replaces files in `dir`, all of them or none. First undoes an earlier run that was killed, except for
 * files that were changed since.
 * @param plan - decides how each file changes, by its path relative to `dir`; called once `dir` is restored
 * @throws ColdpressError INIT_UNWRITABLE, and the errors of `plan`
 */
export async function writeFiles(dir: string, plan: () => Map<string, Change>): Promise<Map<string, Change>> {
  const staging = join(dir, stagingName);
  const done = `${staging}.done`;
  let claimed: Claim | undefined;
  try {
    claimed = await claim(`${staging}.claim`);
    await rm(done, { recursive: true, force: true });
    await rollBack(dir, staging);
    const changes = plan();
    try {
      await stage(dir, staging, changes);
      for (const [path, { kind }] of changes) {
        await mkdir(dirname(join(dir, path)), { recursive: true });
        if (kind === 'write') {
          await copyFile(join(staging, newFolder, path), join(dir, path), constants.COPYFILE_EXCL);
        } else if (kind === 'merge') {
          await replace(join(staging, mergedFolder, path), join(dir, path));
        }
      }
    } catch (error) {
      await rollBack(dir, staging);
      throw error;
    }
    // The files are final from here on, even if removing the copies fails.
    await rename(staging, done).catch(ignoreMissing);
    await rm(done, { recursive: true, force: true });
    return changes;
  } catch (error) {
    throw explain(dir, error);
  } finally {
    await claimed?.release();
  }
}

async function stage(dir: string, staging: string, changes: Map<string, Change>): Promise<void> {
  async function put(folder: string, path: string, text: string | Uint8Array) {
    await mkdir(dirname(join(staging, folder, path)), { recursive: true });
    await writeFile(join(staging, folder, path), text);
  }
  for (const [path, change] of changes) {
    if (change.kind === 'write') {
      await put(newFolder, path, change.text);
    } else if (change.kind === 'merge') {
      await put(mergedFolder, path, change.text);
      await put(beforeFolder, path, await readFile(join(dir, path)));
    }
  }
}

/** Replaces a file with a copy atomically. */
async function replace(copy: string, path: string): Promise<void> {
  const next = `${copy}.next`;
  await copyFile(copy, next);
  await rename(next, path);
}

async function rollBack(dir: string, staging: string): Promise<void> {
  for (const copy of await listFiles(join(staging, newFolder))) {
    const path = join(dir, relative(join(staging, newFolder), copy));
    if (await isBegun(path, copy)) {
      await rm(path, { force: true });
      await removeEmpty(dir, dirname(path));
    }
  }
  for (const before of await listFiles(join(staging, beforeFolder))) {
    const name = relative(join(staging, beforeFolder), before);
    if (await isSame(join(dir, name), join(staging, mergedFolder, name))) {
      await replace(before, join(dir, name));
    }
  }
  await rm(staging, { recursive: true, force: true });
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
}

/** Whether a file equals the copy, or is the beginning of it. */
async function isBegun(path: string, copy: string): Promise<boolean> {
  const [found, whole] = await Promise.all([path, copy].map(file => readFile(file).catch(() => undefined)));
  return found !== undefined && whole?.subarray(0, found.length).equals(found) === true;
}

async function isSame(path: string, copy: string): Promise<boolean> {
  const [found, whole] = await Promise.all([path, copy].map(file => readFile(file).catch(() => undefined)));
  return found !== undefined && whole?.equals(found) === true;
}

/** Removes an empty folder, and then empty ones above it up to `dir`. */
async function removeEmpty(dir: string, folder: string): Promise<void> {
  for (let path = folder; path.startsWith(dir + sep); path = dirname(path)) {
    try {
      await rmdir(path);
    } catch {
      return;
    }
  }
}

/** Nothing was staged if there was nothing to write. */
function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') {
    throw error;
  }
}

function explain(dir: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (
    ['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR'].includes(code ?? '') &&
    !(error instanceof ColdpressError)
  ) {
    return new ColdpressError('INIT_UNWRITABLE', `cannot write to ${dir} (${code}); nothing was changed`, {
      hint: 'copy the model to a folder that you may write to, and run the command there',
      cause: error,
    });
  }
  return error;
}
