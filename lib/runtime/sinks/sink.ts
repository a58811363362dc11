import type { SinkPurpose } from '../../contract/settings.ts';
import type { Trace } from '../telemetry/trace.ts';

/** One record's result or failure, for a sink. */
export interface SinkEntry {
  /** Equal each time the record is delivered, which makes a sink idempotent if it can be. */
  id: string;
  /** Plain data, also equal each time. */
  body: object;
  trace: Trace | undefined;
}

/** A destination of results or failures. */
export interface Sink {
  /**
   * Sends entries. Returns for each, in order, why it failed, or `undefined` if it succeeded. A throw fails all of
   * them.
   * @param deadline - aborted when the answer is due, whatever has been sent by then
   */
  send(entries: readonly SinkEntry[], deadline: AbortSignal): Promise<(Error | undefined)[]>;
}

export interface SinkScope {
  purpose: SinkPurpose;
  env: NodeJS.ProcessEnv;
}
