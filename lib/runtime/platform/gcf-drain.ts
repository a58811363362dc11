import { channel } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';
import { whenQuiet } from './when-quiet.ts';

export interface Drain {
  /** Whether the platform has asked this instance to end. */
  draining(): boolean;
}

/** https://cloud.google.com/run/docs/container-contract#instance-shutdown: the instance is killed after 10 seconds. */
const mostMs = 9000;

/**
 * Answers all open requests after SIGTERM before the process ends. The functions framework would answer the latest
 * request with 500 and drop all others, so its own listener is removed as soon as it is added.
 */
export function drainOnTerm(process: NodeJS.Process): Drain {
  let open = 0;
  let hasCome = false;
  let isDraining = false;
  channel('http.server.request.start').subscribe(message => {
    open += 1;
    hasCome = true;
    (message as { response: ServerResponse }).response.once('close', () => {
      open -= 1;
    });
  });

  function isBusy() {
    const wasBusy = open > 0 || hasCome;
    hasCome = false;
    return wasBusy;
  }

  function drain() {
    if (!isDraining) {
      isDraining = true;
      whenQuiet({ isBusy, mostMs }, () => process.exit());
    }
  }

  process.on('SIGTERM', drain);
  process.on('newListener', (name: string | symbol, listener: NodeJS.SignalsListener) => {
    if (name === 'SIGTERM' && listener !== drain) {
      // Deferred because this event precedes the listener's addition.
      queueMicrotask(() => process.off('SIGTERM', listener));
    }
  });
  return { draining: () => isDraining };
}
