import { now } from '../clock.ts';

/**
 * Requests may still be on their way when the platform sends its signal. It is quiet once none has arrived for this
 * many turns; turns rather than time, because a process without CPU time reads nothing.
 */
const quietTurns = 50;
const turnMs = 20;

/**
 * Calls `end` once, when no request is open and none has arrived lately, or when time runs out.
 * @param options.isBusy - called each turn: whether a request is open, or has arrived since the last turn
 */
export function whenQuiet(
  { isBusy, leastMs = 0, mostMs }: { isBusy: () => boolean; leastMs?: number; mostMs: number },
  end: () => void,
): void {
  const since = now();
  let quiet = 0;
  const timer = setInterval(() => {
    quiet = isBusy() ? 0 : quiet + 1;
    const elapsedMs = now() - since;
    if ((quiet > quietTurns && elapsedMs >= leastMs) || elapsedMs >= mostMs) {
      clearInterval(timer);
      end();
    }
  }, turnMs);
}
