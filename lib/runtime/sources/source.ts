import type { ColdpressFunction } from '../function.ts';
import type { Invocation } from '../platform/invocation.ts';

/** A kind of event: how to recognise it, and how to handle it. */
export interface Source<Event> {
  name: string;
  /** Whether an event with unknown content is of this kind. */
  matches(event: PartialDeep<Event>): boolean;
  /** Returns the invocation's result. A throw fails the invocation, and the platform retries according to its rules. */
  handle(event: Event, fn: ColdpressFunction, invocation: Invocation): Promise<unknown>;
}

type PartialDeep<T> = T extends object ? { [K in keyof T]?: PartialDeep<T[K]> } : T;
