import { createHash } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { isAlive } from './is-alive.ts';

/** Which process left something on a disk. */
export interface Owner {
  /** Where its number means a process: a machine, or a container of it. */
  place: string;
  pid: number;
}

const place = createHash('sha256').update(`${hostname()}\n${pidNamespace()}`).digest('hex').slice(0, 8);
const startedMs = Date.now() - process.uptime() * 1000;

/** This process, as a part of a file's name. */
export const ownerMark = `${place}-${process.pid}`;

/** The owner that a name tells, which `ownerMark` is a part of. */
export function parseOwner(name: string): Owner | undefined {
  const [, found, pid] = /(?:^|[-./])([0-9a-f]{8})-(\d+)-/.exec(name) ?? [];
  return found === undefined ? undefined : { place: found, pid: Number(pid) };
}

/**
 * Whether what was made at a time has lost its owner; `undefined` where nobody here can know, as of a container with
 * the same disk.
 */
export function isOwnerDead(owner: Owner, madeMs: number): boolean | undefined {
  if (owner.place !== place) {
    return undefined;
  }
  // A process number comes again: in containers it is the same at each start.
  return owner.pid === process.pid ? madeMs < startedMs - 1000 : !isAlive(owner.pid);
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
