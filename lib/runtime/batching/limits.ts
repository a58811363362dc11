/** How requests that arrive together share a run. */
export interface BatchLimits {
  /** Records, or rows of a tensor, of one run. One run is how long the event loop is blocked. */
  maxRows: number;
  /** How long a run may be put off while fewer than half of those that came together last have come. */
  maxWaitMs: number;
  /** Requests that wait; one more is answered with 503. */
  maxWaiting: number;
}

const defaults = { maxRows: 32, maxWaitMs: 2, maxWaiting: 1000 } as const satisfies BatchLimits;

/**
 * The defaults, as the environment changes them: `COLDPRESS_BATCH_ROWS` (1 has every request run alone),
 * `COLDPRESS_BATCH_WAIT_MS` and `COLDPRESS_MAX_WAITING`.
 */
export function resolveBatchLimits(env: NodeJS.ProcessEnv): BatchLimits {
  return {
    maxRows: read(env.COLDPRESS_BATCH_ROWS, defaults.maxRows),
    maxWaitMs: read(env.COLDPRESS_BATCH_WAIT_MS, defaults.maxWaitMs),
    maxWaiting: read(env.COLDPRESS_MAX_WAITING, defaults.maxWaiting),
  };
}

function read(text: string | undefined, otherwise: number): number {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : otherwise;
}
