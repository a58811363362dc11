import { setImmediate as turn } from 'node:timers/promises';

/**
 * Lets the event loop deliver pending events: signals, process exits, data in pipes. It takes two turns, because the
 * first may have polled before they were ready.
 */
export async function deliverReady(): Promise<void> {
  await turn();
  await turn();
}

/**
 * The error to report for work that a signal may have ended. Ctrl-C in a terminal also ends child processes, whose exit
 * may be delivered before the abort. Then the abort is reported, not the resulting failure.
 */
export async function settledAbort(error: unknown, signal: AbortSignal | undefined): Promise<unknown> {
  await deliverReady();
  return signal?.aborted === true ? signal.reason : error;
}
