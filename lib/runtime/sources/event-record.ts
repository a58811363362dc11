import { RequestError } from '../errors.ts';
import type { ObjectReference } from '../objects/types.ts';
import type { Trace } from '../telemetry/trace.ts';

/** The content of an event's record. */
export type Content =
  | { kind: 'record'; record: unknown }
  /** Objects in a bucket, each with its own records. */
  | { kind: 'objects'; objects: ObjectReference[] }
  /** Nothing to score: a test message, a deletion. */
  | { kind: 'nothing' };

/** One record of an event, whatever its source. */
export interface EventRecord {
  /** Identifies the record in results and failures; equal at each delivery. */
  id: string;
  /** The identifier for redelivery by the source, which records that arrived as one share. @default its `id` */
  item?: string;
  /** @throws RequestError if the record can never be read */
  read(): Content;
  /** Records of one lane are ordered: if one fails, those behind it fail too. @default unordered */
  lane?: string;
  /** The record as received, for a failure sink. */
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
