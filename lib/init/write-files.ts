import { existsSync } from 'node:fs';
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
import { claim } from '../claim.ts';
import { ColdpressError } from '../errors.ts';

/** Holds a copy of what is being written, by which a run after one that was killed knows what to take away. */
const stagingName = '.coldpress-init';

/**
 * Writes files into `dir`, all of them or none. What a run before this one left, which was killed, goes first: of its
 * files, those that nobody has changed since.
 * @param files - texts, by their paths relative to `dir`
 * @throws ColdpressError INIT_EXISTS where one of them is there
 */
export async function writeFiles(dir: string, files: Record<string, string>): Promise<void> {
  const staging = join(dir, stagingName);
  const done = `${staging}.done`;
  const claimed = await claim(`${staging}.claim`);
  try {
    await rm(done, { recursive: true, force: true });
    await rollBack(dir, staging);
    const there = Object.keys(files).filter(path => existsSync(join(dir, path)));
    if (there.length > 0) {
      throw new ColdpressError('INIT_EXISTS', `${there.join(', ')} would be overwritten`, {
        hint: 'init writes into a folder that has none of them; move them, or begin in another',
      });
    }
    try {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(staging, path)), { recursive: true });
        await writeFile(join(staging, path), text);
      }
      for (const path of Object.keys(files)) {
        await mkdir(dirname(join(dir, path)), { recursive: true });
        await copyFile(join(staging, path), join(dir, path), constants.COPYFILE_EXCL);
      }
    } catch (error) {
      await rollBack(dir, staging);
      throw error;
    }
    // From here on the files count, whatever becomes of their copies.
    await rename(staging, done);
    await rm(done, { recursive: true, force: true });
  } finally {
    await claimed.release();
  }
}

async function rollBack(dir: string, staging: string): Promise<void> {
  const entries = await readdir(staging, { recursive: true, withFileTypes: true }).catch(() => []);
  const staged = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  for (const copy of staged) {
    const path = join(dir, relative(staging, copy));
    if (await isBegun(path, copy)) {
      await rm(path, { force: true });
      await removeEmpty(dir, dirname(path));
    }
  }
  await rm(staging, { recursive: true, force: true });
}

/** Whether a file is what the copy says, or the beginning of it. */
async function isBegun(path: string, copy: string): Promise<boolean> {
  const [found, whole] = await Promise.all([path, copy].map(file => readFile(file).catch(() => undefined)));
  return found !== undefined && whole?.subarray(0, found.length).equals(found) === true;
}

/** A folder that holds nothing, and those above it below `dir`. */
async function removeEmpty(dir: string, folder: string): Promise<void> {
  for (let path = folder; path.startsWith(dir + sep); path = dirname(path)) {
    try {
      await rmdir(path);
    } catch {
      return;
    }
  }
}
