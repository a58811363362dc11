import { RequestError } from '../errors.ts';
import type { ObjectReference } from '../objects/types.ts';
import type { Trace } from '../telemetry/trace.ts';

/** What a record of an event turns out to be. */
export type Content =
  | { kind: 'record'; record: unknown }
  /** Objects of a bucket, each with records of its own. */
  | { kind: 'objects'; objects: ObjectReference[] }
  /** A test message, a deletion: there is nothing to score. */
  | { kind: 'nothing' };

/** One record of an event, whichever source brought it. */
export interface EventRecord {
  /** Names it in results and failures, the same at each delivery. */
  id: string;
  /** What the source is told to have it again, where records that came in one share it. Default: its `id`. */
  item?: string;
  /** @throws RequestError for what can never be read */
  read(): Content;
  /** Records of one lane are in order: after one that failed, those behind it fail, too. Default: none is. */
  lane?: string;
  /** As it came, for a failure sink. */
  raw: unknown;
  trace?: Trace | undefined;
}

/** @throws RequestError */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RequestError(400, 'JSON', `not JSON: ${(cause as Error).message}`);
  }
}
