import { randomUUID } from 'node:crypto';
import { lstat, lutimes, readlink, rm, symlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isOwnerDead, ownerMark, parseOwner } from './owner.ts';

/** A claim that only one process at a time can have. */
export interface Claim {
  release(): Promise<void>;
}

/** Interval at which a claim is refreshed, for machines that cannot see the owner's process. */
const refreshMs = 20_000;
const expiresMs = 3 * refreshMs;
const pollMs = 50;

/**
 * Claims a path with a symbolic link that names this process, because a link is created atomically with its content. A
 * claim whose owner was killed is taken over.
 * @returns the claim, or the ID of the process that has it
 */
export async function tryClaim(path: string): Promise<Claim | { heldBy: number }> {
  // An absolute path, because Windows allows only links to folders (junctions) without special permissions.
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

/** Claims a path, and waits if another process has the claim. */
export async function claim(
  path: string,
  { signal, onWait = () => {} }: { signal?: AbortSignal | undefined; onWait?: (heldBy: number) => void } = {},
): Promise<Claim> {
  let isReported = false;
  for (;;) {
    const claimed = await tryClaim(path);
    if ('release' in claimed) {
      return claimed;
    }
    if (!isReported) {
      onWait(claimed.heldBy);
      isReported = true;
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

/** `undefined` if the claim was released just now. */
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
 * Removes a dead claim. Two processes may find the same one, and the slower must not remove the faster one's new claim.
 * So removal requires a claim of its own, whose owner checks again.
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
