import { lstat, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isOwnerDead, ownerMark, parseOwner } from './owner.ts';

/** Writes a file that other programs may read at any time: it is replaced completely or not at all. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found !== undefined && !found.isFile()) {
    // A device such as /dev/stdout, or a link, which is kept.
    return writeFile(path, content);
  }
  const dir = dirname(path);
  // A long name is shortened to leave room for the rest.
  const prefix = `.${basename(path).slice(0, 100)}.`;
  const partial = join(dir, `${prefix}${ownerMark}-partial`);
  try {
    await removeAbandoned(dir, prefix);
    await writeFile(partial, content);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {});
    throw ofFile(error as NodeJS.ErrnoException, { partial, path });
  }
}

/** The error as if the file itself had been written: its user named that one. */
function ofFile(
  error: NodeJS.ErrnoException,
  { partial, path }: { partial: string; path: string },
): NodeJS.ErrnoException {
  return error.path === partial
    ? Object.assign(error, { path, message: error.message.replaceAll(partial, path) })
    : error;
}

/** Removes partial files of the same name that killed processes left. */
async function removeAbandoned(dir: string, prefix: string): Promise<void> {
  const names = (await readdir(dir)).filter(name => name.startsWith(prefix) && name.endsWith('-partial'));
  for (const name of names) {
    const owner = parseOwner(name.slice(prefix.length - 1));
    const { birthtimeMs } = await lstat(join(dir, name));
    if (owner !== undefined && isOwnerDead(owner, birthtimeMs) === true) {
      await rm(join(dir, name), { force: true });
    }
  }
}
