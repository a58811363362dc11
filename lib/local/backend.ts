import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Lambda } from './lambda.ts';
import type { InitEnd } from './run-instance.ts';

/** A function that is up, and how a request comes to it: as its platform would bring it. */
export interface Backend extends Pick<Lambda, 'manifest' | 'runtimeClient' | 'node' | 'engine'> {
  init(): Promise<InitEnd>;
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
  close(): Promise<void>;
  /** Settles when the function ended and will not begin again. */
  ended: Promise<void>;
}

export interface BackendEvents {
  /** Told the `Server-Timing` of an answer, which the first of a process has. */
  onTiming(header: string): void;
}
