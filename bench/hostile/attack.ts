import { secret } from './good.ts';
import type { Answer, AttackedFunction } from './target.ts';

export interface Findings {
  /** How many had each outcome. */
  outcomes: Map<string, number>;
  /** What went wrong, with how often, the first of each kind told with its answer. */
  faults: Map<string, number>;
  /** The longest that the event loop was blocked by a request that was refused, and by which kind. */
  blocked: { ms: number; kind: string };
  /** Resident memory: the most of the first half, which has every kind of request, and at the end. */
  residentMb: [before: number, after: number];
}

/** How often the memory is looked at, in requests. */
const interval = 100;
/** A request that took less cannot have blocked the loop for longer. */
const suspectMs = 100;

export const limits = { blockedMs: 200, growthMb: 50 } as const;

/** Makes so many requests, one after the other, and looks at the function while it answers them. */
export async function attack(fn: AttackedFunction, count: number): Promise<Findings> {
  const outcomes = new Map<string, number>();
  const faults = new Map<string, number>();
  const add = (map: Map<string, number>, key: string) => void map.set(key, (map.get(key) ?? 0) + 1);
  let blocked = { ms: 0, kind: '' };
  let [beforeMb, afterMb] = [0, 0];
  await fn.watch();
  for (let index = 0; index < count; index++) {
    const answer = await fn.next();
    add(outcomes, String(answer.outcome));
    if (answer.fault !== undefined) {
      add(faults, `${answer.kind}: ${answer.fault}`);
    }
    if (answer.outcome === 'no answer') {
      // Another process has begun.
      continue;
    }
    if (answer.ms > suspectMs && isRefusal(answer)) {
      const ms = await leastBlocked(fn);
      blocked = ms > blocked.ms ? { ms, kind: answer.kind } : blocked;
      if (ms > limits.blockedMs) {
        add(faults, `${answer.kind}: the event loop was blocked for more than ${limits.blockedMs} ms`);
      }
    }
    if (fn.takeLog().includes(secret)) {
      add(faults, `${answer.kind}: a value of a record is in the log`);
    }
    if (index % interval === 0 || index === count - 1) {
      const { residentMb } = await settled(fn);
      afterMb = residentMb;
      beforeMb = index < count / 2 ? Math.max(beforeMb, residentMb) : beforeMb;
    }
  }
  if (afterMb - beforeMb > limits.growthMb) {
    add(faults, `the memory grew by more than ${limits.growthMb} MB`);
  }
  return { outcomes, faults, blocked, residentMb: [beforeMb, afterMb] };
}

function isRefusal({ outcome }: Answer): boolean {
  return outcome === 'refused' || (typeof outcome === 'number' && outcome >= 400);
}

/** How long the last request blocks the loop; the least of a few, as other processes take the CPU, too. */
async function leastBlocked(fn: AttackedFunction): Promise<number> {
  let { blockedMs } = await fn.watch();
  for (let again = 0; blockedMs > limits.blockedMs && again < 4; again++) {
    await fn.watch();
    await fn.next(true);
    blockedMs = Math.min(blockedMs, (await fn.watch()).blockedMs);
  }
  return blockedMs;
}

/** What is left once finalisers have run. */
async function settled(fn: AttackedFunction) {
  await fn.watch();
  return fn.watch();
}
