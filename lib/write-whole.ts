import { lstat, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isOwnerDead, ownerMark, parseOwner } from './owner.ts';

/** Writes a file that other programs may read at any time: it appears whole, or stays as it was. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found !== undefined && !found.isFile()) {
    // A device as /dev/stdout, or a link, which stays one.
    return writeFile(path, content);
  }
  const dir = dirname(path);
  // Of a long name, what leaves room for the rest.
  const prefix = `.${basename(path).slice(0, 100)}.`;
  const partial = join(dir, `${prefix}${ownerMark}-partial`);
  try {
    await removeAbandoned(dir, prefix);
    await writeFile(partial, content);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {});
    throw error;
  }
}

/** What a process that was killed had written of the same file. */
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
