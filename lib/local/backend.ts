import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Lambda } from './lambda.ts';
import type { InitEnd } from './run-instance.ts';

/** A running function and how a request reaches it: the way its platform would deliver it. */
export interface Backend extends Pick<Lambda, 'manifest' | 'runtimeClient' | 'node' | 'engine'> {
  init(): Promise<InitEnd>;
  /** @returns the request's ID in the function's telemetry; `undefined` if the function did not receive it */
  answer(request: IncomingMessage, response: ServerResponse): Promise<string | undefined>;
  close(): Promise<void>;
  /** Settles when the function ended and will not start again. */
  ended: Promise<void>;
}

/** Callbacks of the server in front of a function. */
export interface BackendEvents {
  /** Receives the `Server-Timing` of an answer; the first answer of a process has one. */
  onTiming(header: string): void;
  /** Returns a body that replaces that of an answer with status 500 or above. @default its own body */
  explain?: ((since: number) => Promise<Buffer | undefined>) | undefined;
}
