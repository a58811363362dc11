/** How requests that arrive together share a run. */
export interface BatchLimits {
  /** Maximum records, or tensor rows, per run. A run blocks the event loop. */
  maxRows: number;
  /** How long to delay a run while fewer than half as many requests are waiting as last ran together. */
  maxWaitMs: number;
  /** Maximum number of waiting requests; any further request is answered with 503. */
  maxWaiting: number;
}

const defaults = { maxRows: 32, maxWaitMs: 2, maxWaiting: 1000 } as const satisfies BatchLimits;

/**
 * Returns the defaults, overridden by the environment: `COLDPRESS_BATCH_ROWS` (1 runs every request alone),
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
