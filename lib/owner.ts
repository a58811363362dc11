import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { isAlive } from './is-alive.ts';

/** Which process left something on a disk. */
export interface Owner {
  /** Where its number means a process: a machine, or a container of it. */
  place: string;
  pid: number;
  /** When it started, as the system counts: a process number comes again, in containers at each start. */
  started?: string;
}

const place = createHash('sha256').update(`${hostname()}\n${pidNamespace()}`).digest('hex').slice(0, 8);
const startedMs = Date.now() - process.uptime() * 1000;
const started = startOf(process.pid);

/** This process, as a part of a file's name. */
export const ownerMark = `${place}-${process.pid}${started === undefined ? '' : `.${started}`}`;

/** The owner that a name tells, which `ownerMark` is a part of. */
export function parseOwner(name: string): Owner | undefined {
  const [, found, pid, started] = /(?:^|[-./])([0-9a-f]{8})-(\d+)(?:\.(\d+))?-/.exec(name) ?? [];
  return found === undefined
    ? undefined
    : { place: found, pid: Number(pid), ...(started === undefined ? {} : { started }) };
}

/**
 * Whether what was made at a time has lost its owner; `undefined` where nobody here can know, as of a container with
 * the same disk.
 */
export function isOwnerDead(owner: Owner, madeMs: number): boolean | undefined {
  if (owner.place !== place) {
    return undefined;
  }
  if (!isAlive(owner.pid)) {
    return true;
  }
  const now = startOf(owner.pid);
  if (owner.started !== undefined && now !== undefined) {
    return owner.started !== now;
  }
  return owner.pid === process.pid && madeMs < startedMs - 1000;
}

/** When a process started, in ticks since the machine did, which no change of the clock moves; on Linux alone. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The 22nd field. The second is the program's name, in brackets, and may hold spaces and brackets.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
