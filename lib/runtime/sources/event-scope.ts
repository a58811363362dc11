import type { ColdpressFunction } from '../function.ts';
import type { Invocation } from '../platform/invocation.ts';

/** A record that the source must redeliver. */
export interface FailedRecord {
  id: string;
  error: Error;
}

export interface EventScope {
  fn: ColdpressFunction;
  invocation: Invocation;
  /** The source's name. */
  source: string;
}
