import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { isAlive } from './is-alive.ts';

/** The process that left a file on a disk. */
export interface Owner {
  /** The machine or container in which `pid` is valid. */
  place: string;
  pid: number;
  /** When it started, in system ticks: process IDs are reused, in containers at each start. */
  started?: string;
}

const place = createHash('sha256').update(`${hostname()}\n${pidNamespace()}`).digest('hex').slice(0, 8);
const startedMs = Date.now() - process.uptime() * 1000;
const started = startOf(process.pid);

/** Identifies this process as a part of a file's name. */
export const ownerMark = `${place}-${process.pid}${started === undefined ? '' : `.${started}`}`;

/** The owner in a name that contains an `ownerMark`. */
export function parseOwner(name: string): Owner | undefined {
  const [, found, pid, started] = /(?:^|[-./])([0-9a-f]{8})-(\d+)(?:\.(\d+))?-/.exec(name) ?? [];
  return found === undefined
    ? undefined
    : { place: found, pid: Number(pid), ...(started === undefined ? {} : { started }) };
}

/**
 * Whether the owner of a file created at `madeMs` is dead; `undefined` if that cannot be known here, for example for a
 * container with the same disk.
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

/** When a process started, in ticks since boot, which clock changes do not affect; only on Linux. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The 22nd field. The second is the program's name in brackets, and may contain spaces and brackets.
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
