/** The share of an invocation's time reserved for sinks and the answer, and its maximum in milliseconds. */
const reserve = { share: 0.2, mostMs: 1000 } as const;

/**
 * Computes how many records fit into the time left. A run is synchronous and cannot be interrupted, so it must not
 * begin unless it can end in time; earlier runs show how long it takes.
 */
export interface Pace {
  /** Returns the milliseconds at the end of an invocation in which nothing new begins. */
  reserveMs(remainingMs: number): number;
  /** Returns at most `wanted`, and 0 if there is no time for a single record. */
  fit(wanted: number, remainingMs: number): number;
  observe(count: number, ms: number): void;
}

export function createPace(): Pace {
  let msPerRecord = 0;
  return {
    reserveMs: remainingMs => Math.min(reserve.share * Math.max(0, remainingMs), reserve.mostMs),
    fit(wanted, remainingMs) {
      if (remainingMs <= 0) {
        return 0;
      }
      const count = msPerRecord === 0 ? wanted : Math.min(wanted, Math.floor(remainingMs / msPerRecord));
      if (count === 0) {
        // Otherwise one slow run would block all later ones, and nothing would be measured again.
        msPerRecord *= 0.5;
      }
      return count;
    },
    // The very first run is slow, and its effect on later ones should fade quickly.
    observe(count, ms) {
      msPerRecord = Math.max(ms / count, msPerRecord * 0.5);
    },
  };
}
