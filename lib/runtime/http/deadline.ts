import { now } from '../clock.ts';
import { RequestError } from '../errors.ts';
import type { HttpPlatform } from './types.ts';

/** Reserved for writing the answer and for the platform's own round trip. */
const spareMs = 100;
/** The share of the slowest time that remains after each further run, so that one slow run is eventually forgotten. */
const memory = 0.9;

/** Starts work only if the platform waits long enough for it. */
export interface RunClock {
  run<T>(platform: HttpPlatform, work: () => T | Promise<T>): Promise<T>;
}

/**
 * A run cannot be interrupted, and one that the platform cuts off costs money without an answer. So before a run
 * begins, the recent slowest run is compared with the time left.
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
