import { setTimeout as wait } from 'node:timers/promises';

/** A broken connection or a busy registry: the same request may succeed later. */
export class TransientFailure extends Error {
  override readonly name = 'TransientFailure';
}

/** An answer that requests a later retry. */
export class BusyRegistry extends TransientFailure {
  readonly response: Response;
  readonly afterMs: number;

  constructor(response: Response, afterMs: number) {
    super(`it answers ${response.status}`);
    this.response = response;
    this.afterMs = afterMs;
  }
}

const maxAttempts = 6;
const maxPauseMs = 30_000;

export interface Pace {
  signal: AbortSignal;
  /** Pause before the first retry; it doubles each time. */
  pauseMs: number;
  /** Returns the progress of the work; an attempt that made progress resets the count. @default no progress */
  progress?: () => number;
}

/** Retries temporary failures, after increasing pauses or as long as the registry requests. */
export async function repeat<T>(
  attempt: (failures: number) => Promise<T>,
  { signal, pauseMs, progress = () => 0 }: Pace,
): Promise<T> {
  for (let failures = 0; ; ) {
    const before = progress();
    try {
      return await attempt(failures);
    } catch (error) {
      signal.throwIfAborted();
      failures = progress() > before ? 1 : failures + 1;
      if (!(error instanceof TransientFailure) || failures === maxAttempts) {
        throw error;
      }
      const afterMs = error instanceof BusyRegistry ? error.afterMs : 0;
      // Random, so that many clients that were rejected at once retry at different times.
      const pause = pauseMs * 2 ** (failures - 1) * (0.75 + Math.random() / 2);
      await wait(Math.min(maxPauseMs, Math.max(pause, afterMs)), undefined, { signal }).catch(() => {});
      signal.throwIfAborted();
    }
  }
}

/** 501, 505 and 507 are permanent. */
export function isTransient(status: number): boolean {
  return status === 408 || status === 429 || [500, 502, 503, 504].includes(status);
}

/** Reads the answer, which frees the connection; its text is reported if this was the last attempt. */
export async function busy(response: Response): Promise<BusyRegistry> {
  const text = await response.text().catch(() => '');
  const { status, headers } = response;
  const seconds = Number(headers.get('retry-after') ?? '');
  return new BusyRegistry(new Response(text, { status }), Number.isFinite(seconds) ? 1000 * seconds : 0);
}
