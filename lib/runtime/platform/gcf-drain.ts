import { channel } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';
import { now } from '../clock.ts';

export interface Drain {
  /** Whether the platform has told this instance to end. */
  draining(): boolean;
}

/**
 * Requests may still be on their way when the platform sends its signal: the process ends when none has come for so
 * many turns. Turns and not time, for a process that gets no CPU reads nothing meanwhile.
 */
const quietTurns = 50;
const turnMs = 20;
/** https://cloud.google.com/run/docs/container-contract#instance-shutdown: it is killed after 10 seconds. */
const mostMs = 9000;

/**
 * Lets what is open at SIGTERM be answered before the process ends. The functions framework would answer the latest
 * request with 500 and drop all others, so its own listener is taken away as it comes.
 */
export function drainOnTerm(process: NodeJS.Process): Drain {
  let open = 0;
  let quiet = 0;
  let since: number | undefined;
  channel('http.server.request.start').subscribe(message => {
    open += 1;
    quiet = 0;
    (message as { response: ServerResponse }).response.once('close', () => {
      open -= 1;
    });
  });

  function drain() {
    if (since !== undefined) {
      return;
    }
    since = now();
    setInterval(() => {
      quiet = open === 0 ? quiet + 1 : 0;
      if (quiet > quietTurns || now() - since! >= mostMs) {
        process.exit();
      }
    }, turnMs);
  }

  process.on('SIGTERM', drain);
  process.on('newListener', (name: string | symbol, listener: NodeJS.SignalsListener) => {
    if (name === 'SIGTERM' && listener !== drain) {
      // It is told before the listener is there.
      queueMicrotask(() => process.off('SIGTERM', listener));
    }
  });
  return { draining: () => since !== undefined };
}
