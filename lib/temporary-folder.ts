import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOwnerDead, ownerMark, parseOwner } from './owner.ts';

const cleaned = new Set<string>();

/**
 * Makes a folder for the length of this process. What processes that were killed left there before goes first.
 * @param options.purpose - for those who find it: `pack`
 * @param options.parent - default: the system's folder for temporary files
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
      // Another process may be at it, or the folder be another user's.
      await rm(path, { recursive: true, force: true }).catch(() => {});
    }
  }
}
