import type { SinkPurpose } from '../../contract/settings.ts';
import type { Trace } from '../telemetry/trace.ts';

/** One record's result or failure, for a sink. */
export interface SinkEntry {
  /** The same each time the record is delivered: what makes a sink idempotent, where it can be. */
  id: string;
  /** Plain data; the same each time, too. */
  body: object;
  trace: Trace | undefined;
}

/** A place that results or failures go to. */
export interface Sink {
  /**
   * For each entry, in order, why it was not taken; `undefined` where it was. A throw refuses all of them.
   * @param deadline - is aborted when the answer is due, whatever has been taken by then
   */
  send(entries: readonly SinkEntry[], deadline: AbortSignal): Promise<(Error | undefined)[]>;
}

export interface SinkScope {
  purpose: SinkPurpose;
  env: NodeJS.ProcessEnv;
}
