/** The share of an invocation's time that is kept for sinks and the answer, and the most of it, in milliseconds. */
const reserve = { share: 0.2, mostMs: 1000 } as const;

/**
 * How many records fit into the time that is left. A run is synchronous and cannot be broken off, so it must not
 * begin when it would not end in time; how long it takes is known from those before.
 */
export interface Pace {
  /** Milliseconds of an invocation's time in which nothing is begun any more. */
  reserveMs(remainingMs: number): number;
  /** At most `wanted`, and 0 when there is no time for one. */
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
        // One slow run must not refuse for ever what nothing then measures again.
        msPerRecord *= 0.5;
      }
      return count;
    },
    // The first run of all is slow, and none after it should suffer from that for long.
    observe(count, ms) {
      msPerRecord = Math.max(ms / count, msPerRecord * 0.5);
    },
  };
}
