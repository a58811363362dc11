import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Lambda } from './lambda.ts';
import type { InitEnd } from './run-instance.ts';

/** A function that is up, and how a request comes to it: as its platform would bring it. */
export interface Backend extends Pick<Lambda, 'manifest' | 'runtimeClient' | 'node' | 'engine'> {
  init(): Promise<InitEnd>;
  /** @returns the request's name in the function's telemetry; `undefined` where the function did not get it */
  answer(request: IncomingMessage, response: ServerResponse): Promise<string | undefined>;
  close(): Promise<void>;
  /** Settles when the function ended and will not begin again. */
  ended: Promise<void>;
}

/** What the server in front of a function takes part in. */
export interface BackendEvents {
  /** Told the `Server-Timing` of an answer, which the first of a process has. */
  onTiming(header: string): void;
  /** The body that an answer with a status from 500 on gets in place of its own. Default: its own */
  explain?: ((since: number) => Promise<Buffer | undefined>) | undefined;
}
