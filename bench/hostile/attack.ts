import { secret } from './good.ts';
import type { Answer, AttackedFunction, Blocked } from './target.ts';

export interface Findings {
  /** Number of requests by outcome. */
  outcomes: Record<string, number>;
  /** Number of each kind of fault. */
  faults: Record<string, number>;
  /**
   * The longest time that a rejected request blocked the event loop, in CPU time, with its kind; and the longest wall
   * time of any request.
   */
  blocked: { ms: number; kind: string; wallMs: number };
  residentMb: Growth;
  /** Memory held by JavaScript, including buffers. */
  heldMb: Growth;
}

/**
 * Memory after garbage collection: the maximum in the first half, which has the largest bodies and every kind of
 * request, and the value at the end.
 */
export type Growth = [before: number, after: number];

/** Number of requests between two measurements of the memory. */
const interval = 100;
/** A request that took less time cannot have blocked the loop for longer. */
const suspectMs = 100;

/** The allocator keeps tens of megabytes of freed memory for the next body; JavaScript has no reason to keep any. */
export const limits = { blockedMs: 200, residentMb: 50, heldMb: 5 } as const;

/** Sends the requests one after the other, and monitors the function meanwhile. */
export async function attack(fn: AttackedFunction, count: number): Promise<Findings> {
  const outcomes: Record<string, number> = {};
  const faults: Record<string, number> = {};
  const add = (counts: Record<string, number>, key: string) => {
    counts[key] = (counts[key] ?? 0) + 1;
  };
  let blocked: Findings['blocked'] = { ms: 0, kind: '', wallMs: 0 };
  const residentMb: Growth = [0, 0];
  const heldMb: Growth = [0, 0];
  await fn.blocked();
  for (let index = 0; index < count; index++) {
    const answer = await fn.next();
    add(outcomes, String(answer.outcome));
    if (answer.fault !== undefined) {
      add(faults, `${answer.kind}: ${answer.fault}`);
    }
    if (answer.outcome === 'no answer') {
      // A new process has started.
      continue;
    }
    if (answer.ms > suspectMs && isRefusal(answer)) {
      const { blockedMs: ms, blockedWallMs } = await leastBlocked(fn);
      const wallMs = Math.max(blocked.wallMs, blockedWallMs);
      blocked = ms > blocked.ms ? { ms, kind: answer.kind, wallMs } : { ...blocked, wallMs };
      if (ms > limits.blockedMs) {
        add(faults, `${answer.kind}: the event loop was blocked for more than ${limits.blockedMs} ms`);
      }
    }
    if (fn.takeLog().includes(secret)) {
      add(faults, `${answer.kind}: a value of a record is in the log`);
    }
    if (index % interval === 0 || index === count - 1) {
      const memory = await settled(fn);
      const isFirstHalf = index < count / 2;
      note(residentMb, memory.residentMb, isFirstHalf);
      note(heldMb, memory.heldMb, isFirstHalf);
    }
  }
  for (const [what, [before, after], most] of [
    ['resident memory', residentMb, limits.residentMb],
    ['held memory', heldMb, limits.heldMb],
  ] as const) {
    if (after - before > most) {
      add(faults, `${what} grew by more than ${most} MB`);
    }
  }
  return { outcomes, faults, blocked, residentMb, heldMb };
}

function note(growth: Growth, mb: number, isFirstHalf: boolean): void {
  growth[0] = isFirstHalf ? Math.max(growth[0], mb) : growth[0];
  growth[1] = mb;
}

function isRefusal({ outcome }: Answer): boolean {
  return outcome === 'refused' || (typeof outcome === 'number' && outcome >= 400);
}

/**
 * How long the last request blocks the loop: the minimum of several runs, because caches that other processes evict
 * also cost CPU time.
 */
async function leastBlocked(fn: AttackedFunction): Promise<Blocked> {
  let least = await fn.blocked();
  for (let again = 0; least.blockedMs > limits.blockedMs && again < 4; again++) {
    await fn.blocked();
    await fn.next(true);
    const { blockedMs } = await fn.blocked();
    least = { ...least, blockedMs: Math.min(least.blockedMs, blockedMs) };
  }
  return least;
}

/** Memory after finalisers have run. */
async function settled(fn: AttackedFunction) {
  await fn.memory();
  const memory = await fn.memory();
  await fn.blocked();
  return memory;
}
