import { now } from '../clock.ts';
import { RequestError } from '../errors.ts';
import type { HttpPlatform } from './types.ts';

/** Left for writing the answer, and for the platform's own way there and back. */
const spareMs = 100;
/** How much of the slowest run is remembered past the next one, so that one slow run is not held against all. */
const memory = 0.9;

/** Runs work only when the platform waits long enough for it. */
export interface RunClock {
  run<T>(platform: HttpPlatform, work: () => T | Promise<T>): Promise<T>;
}

/**
 * A run cannot be interrupted, and one that the platform cuts off is paid for and answered by nobody. So the slowest
 * run of late is compared with the time that is left before one begins.
 */
export function startRunClock(): RunClock {
  let slowestMs = 0;
  return {
    async run(platform, work) {
      const leftMs = platform.remainingMs();
      if (leftMs < slowestMs + spareMs) {
        const expected = `${Math.ceil(slowestMs + spareMs)} ms`;
        slowestMs *= memory;
        throw new RequestError(
          503,
          'DEADLINE',
          `there are ${Math.max(0, Math.floor(leftMs))} ms left to answer this request, and its inference may take ${expected}`,
        );
      }
      const start = now();
      try {
        return await work();
      } finally {
        slowestMs = Math.max(now() - start, slowestMs * memory);
      }
    },
  };
}
