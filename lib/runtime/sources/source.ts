import type { ColdpressFunction } from '../function.ts';
import type { Invocation } from '../platform/invocation.ts';

/** A kind of event: how to know it, and what to do with it. */
export interface Source<Event> {
  name: string;
  /** Whether an event, of which nothing is known, is of this kind. */
  matches(event: PartialDeep<Event>): boolean;
  /** The invocation's result. A throw fails the invocation, and the platform retries what it retries. */
  handle(event: Event, fn: ColdpressFunction, invocation: Invocation): Promise<unknown>;
}

type PartialDeep<T> = T extends object ? { [K in keyof T]?: PartialDeep<T[K]> } : T;
