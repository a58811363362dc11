import { parseTrace } from '../telemetry/trace.ts';
import { throwIfFailed } from './answers.ts';
import type { EventRecord } from './event-record.ts';
import type { EventScope } from './event-scope.ts';
import { processEvent } from './process-event.ts';

/** The part of a CloudEvent that coldpress uses; https://github.com/cloudevents/spec */
export interface CloudEvent<Data = unknown> {
  id: string;
  source: string;
  type: string;
  data?: Data;
  /** Replaces `data` if the sender has bytes. */
  data_base64?: string;
  datacontenttype?: string;
  traceparent?: unknown;
}

/** Scores the content of one event. Eventarc redelivers it if the function throws and retries are on. */
export async function processCloudEvent(
  event: CloudEvent,
  content: EventContent,
  scope: EventScope,
): Promise<void> {
  throwIfFailed(await processEvent([toRecord(event, content)], scope), 1);
}

/** The content of an event, with its own `id` if it has one. */
type EventContent = { id?: string } & Pick<EventRecord, 'read' | 'raw'>;

export function toRecord(event: CloudEvent, { id = event.id, read, raw }: EventContent): EventRecord {
  const trace = typeof event.traceparent === 'string' ? parseTrace(event.traceparent) : undefined;
  return { id, read, raw, trace };
}
