import { parseTrace } from '../telemetry/trace.ts';
import { throwIfFailed } from './answers.ts';
import type { EventRecord } from './event-record.ts';
import type { EventScope } from './event-scope.ts';
import { processEvent } from './process-event.ts';

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
  content: EventContent,
  scope: EventScope,
): Promise<void> {
  throwIfFailed(await processEvent([toRecord(event, content)], scope), 1);
}

/** What an event brings; `id` where that has one of its own. */
type EventContent = { id?: string } & Pick<EventRecord, 'read' | 'raw'>;

export function toRecord(event: CloudEvent, { id = event.id, read, raw }: EventContent): EventRecord {
  const trace = typeof event.traceparent === 'string' ? parseTrace(event.traceparent) : undefined;
  return { id, read, raw, trace };
}
