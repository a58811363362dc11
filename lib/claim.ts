import { randomUUID } from 'node:crypto';
import { lstat, lutimes, readlink, rm, symlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isOwnerDead, ownerMark, parseOwner } from './owner.ts';

/** What only one process at a time may hold. */
export interface Claim {
  release(): Promise<void>;
}

/** How often a claim says that its holder lives, to those who cannot see its process. */
const refreshMs = 20_000;
const expiresMs = 3 * refreshMs;
const pollMs = 50;

/**
 * Claims a path, by a symbolic link that names this process: it is made with its content, in one step, or not at all.
 * A claim whose holder was killed is taken over.
 * @returns the claim, or the number of the process that holds it
 */
export async function tryClaim(path: string): Promise<Claim | { heldBy: number }> {
  // As a folder's path, for Windows has links to folders alone without special rights.
  const content = `/coldpress/${ownerMark}-${randomUUID()}`;
  for (;;) {
    try {
      await symlink(content, path, 'junction');
      return keep(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw error;
      }
    }
    const holder = await readHolder(path);
    if (holder === undefined) {
      continue;
    }
    if (!holder.isDead) {
      return { heldBy: holder.pid };
    }
    await removeDead(path, holder.content);
  }
}

/** Claims a path, after whoever holds it now. */
export async function claim(
  path: string,
  { signal, onWait = () => {} }: { signal?: AbortSignal | undefined; onWait?: (heldBy: number) => void } = {},
): Promise<Claim> {
  let isTold = false;
  for (;;) {
    const claimed = await tryClaim(path);
    if ('release' in claimed) {
      return claimed;
    }
    if (!isTold) {
      onWait(claimed.heldBy);
      isTold = true;
    }
    signal?.throwIfAborted();
    await wait(pollMs);
  }
}

function keep(path: string): Claim {
  const timer = setInterval(() => {
    const now = new Date();
    lutimes(path, now, now).catch(() => {});
  }, refreshMs);
  timer.unref();
  return {
    async release() {
      clearInterval(timer);
      await rm(path, { force: true });
    },
  };
}

interface Holder {
  content: string;
  pid: number;
  isDead: boolean;
}

/** `undefined` where the claim has just been given up. */
async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const [content, { mtimeMs }] = await Promise.all([readlink(path), lstat(path)]);
    const owner = parseOwner(content);
    const isDead = owner && isOwnerDead(owner, mtimeMs);
    return { content, pid: owner?.pid ?? 0, isDead: isDead ?? Date.now() - mtimeMs > expiresMs };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

/**
 * Two processes may find the same dead claim, and the slower one must not remove what the faster one put in its place:
 * so removing it is claimed, too, and who holds that looks again.
 */
async function removeDead(path: string, content: string): Promise<void> {
  const removal = await tryClaim(`${path}.${basename(content).slice(-12)}`);
  if (!('release' in removal)) {
    await wait(pollMs);
    return;
  }
  try {
    if ((await readlink(path).catch(() => '')) === content) {
      await rm(path, { force: true });
    }
  } finally {
    await removal.release();
  }
}
