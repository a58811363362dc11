import { now } from '../clock.ts';

/**
 * Requests may still be on their way when the platform sends its signal: it is quiet when none has come for so many
 * turns. Turns and not time, for a process that gets no CPU reads nothing meanwhile.
 */
const quietTurns = 50;
const turnMs = 20;

/**
 * Calls `end` once, when no request is open and none has come of late, or when there is no more time.
 * @param options.isBusy - asked each turn: whether a request is open, or has come since the last turn
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
