import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOwnerDead, ownerMark, parseOwner } from './owner.ts';

const cleaned = new Set<string>();

/**
 * Creates a folder for the lifetime of this process, after removing those of processes that were killed.
 * @param options.purpose - a part of its name, for people who find it: `pack`
 * @param options.parent - the folder that contains it (default: the system's temporary folder)
 */
export async function makeTemporaryFolder({
  purpose,
  parent = tmpdir(),
}: {
  purpose: string;
  parent?: string;
}): Promise<string> {
  if (!cleaned.has(parent)) {
    cleaned.add(parent);
    await removeAbandoned(parent);
  }
  return mkdtemp(join(parent, `coldpress-${purpose}-${ownerMark}-`));
}

/** Removes the temporary folders in `parent` whose processes have ended. */
export async function removeAbandoned(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names.filter(name => name.startsWith('coldpress-'))) {
    const owner = parseOwner(name);
    const path = join(parent, name);
    const found = owner && (await lstat(path).catch(() => undefined));
    if (found?.isDirectory() && isOwnerDead(owner!, found.birthtimeMs) === true) {
      // Another process may be removing it, or the folder may belong to another user.
      await rm(path, { recursive: true, force: true }).catch(() => {});
    }
  }
}
