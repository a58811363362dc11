import { parseTrace } from '../telemetry/trace.ts';
import { throwIfFailed } from './answers.ts';
import type { Content, EventRecord } from './event-record.ts';
import { type EventScope, processEvent } from './process-event.ts';

/** What coldpress uses of a CloudEvent; https://github.com/cloudevents/spec */
export interface CloudEvent<Data = unknown> {
  id: string;
  source: string;
  type: string;
  data?: Data;
  /** In place of `data`, from a sender that holds bytes. */
  data_base64?: string;
  datacontenttype?: string;
  traceparent?: unknown;
}

/** Scores what one event brings. Eventarc brings it again when the function throws and retries are on. */
export async function processCloudEvent(
  event: CloudEvent,
  { id = event.id, read, raw }: { id?: string; read: () => Content; raw: unknown },
  scope: EventScope,
): Promise<void> {
  const trace = typeof event.traceparent === 'string' ? parseTrace(event.traceparent) : undefined;
  const record: EventRecord = { id, read, raw, trace };
  throwIfFailed(await processEvent([record], scope), 1);
}
