import { channel } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';
import { now } from '../clock.ts';

export interface Drain {
  /** Whether the platform has told this instance to end. */
  draining(): boolean;
}

/**
 * Requests may still be on their way when the platform sends its signal: the process ends when none has come for so
 * long. It ends in any case before it is killed.
 * https://cloud.google.com/run/docs/container-contract#instance-shutdown: 10 seconds.
 */
const limits = { quietMs: 100, mostMs: 9000 } as const;
const pollMs = 20;

/**
 * Lets what is open at SIGTERM be answered before the process ends. The functions framework would answer the latest
 * request with 500 and drop all others, so its own listener is taken away as it comes.
 */
export function drainOnTerm(process: NodeJS.Process): Drain {
  let open = 0;
  let lastMs = 0;
  let since: number | undefined;
  channel('http.server.request.start').subscribe(message => {
    open += 1;
    lastMs = now();
    (message as { response: ServerResponse }).response.once('close', () => {
      open -= 1;
      lastMs = now();
    });
  });

  function drain() {
    if (since !== undefined) {
      return;
    }
    since = now();
    setInterval(() => {
      const isQuiet = open === 0 && now() - Math.max(lastMs, since!) >= limits.quietMs;
      if (isQuiet || now() - since! >= limits.mostMs) {
        process.exit();
      }
    }, pollMs);
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
