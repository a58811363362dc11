import { setImmediate as turn } from 'node:timers/promises';

/**
 * Lets the event loop deliver what is ready by now: signals, ends of processes, data in pipes. It takes two turns: the
 * first may have polled before it was ready.
 */
export async function deliverReady(): Promise<void> {
  await turn();
  await turn();
}

/**
 * The error to report of work that a signal may have ended. Ctrl-C in a terminal also ends child processes, and their
 * end may be delivered before the abort: then the failure that came of it is not the news.
 */
export async function settledAbort(error: unknown, signal: AbortSignal | undefined): Promise<unknown> {
  await deliverReady();
  return signal?.aborted === true ? signal.reason : error;
}
