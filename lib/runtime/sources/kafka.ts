import type { MSKRecord } from 'aws-lambda';
import { parseTrace } from '../telemetry/trace.ts';
import { describeFailures, throwIfFailed } from './answers.ts';
import type { Content, EventRecord } from './event-record.ts';
import { processEvent } from './process-event.ts';
import { readEvent } from './read-event.ts';
import type { Source } from './source.ts';
import { unwrap } from './unwrap.ts';

/** A record of either kind of Kafka; the value is `null` if the key was deleted. */
type KafkaRecord = Omit<MSKRecord, 'value'> & { value?: string | null };
interface KafkaEvent {
  eventSource: string;
  records: Record<string, KafkaRecord[]>;
}

const eventSources = new Set(['aws:kafka', 'SelfManagedKafka', 'aws:SelfManagedKafka']);

/**
 * Kafka, MSK or self-managed: each value is JSON, and a partition is ordered. Lambda accepts a partial batch response
 * if the mapping has provisioned pollers and requests one, which an event does not show. By default a failed record
 * fails its batch, which is redelivered as a whole.
 * https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html
 */
export const kafka: Source<KafkaEvent> = {
  name: 'kafka',
  matches: event =>
    eventSources.has(event.eventSource ?? '') && typeof event.records === 'object' && event.records !== null,
  async handle(event, fn, invocation) {
    const received = Object.values(event.records).flat();
    const records = readEvent('kafka', () => received.map(toKafkaRecord));
    const failed = await processEvent(records, { fn, invocation, source: 'kafka' });
    if (!fn.model.manifest.events.kafka.reportBatchItemFailures) {
      throwIfFailed(failed, records.length);
      return undefined;
    }
    if (failed.length > 0) {
      console.error(describeFailures(failed, records.length));
    }
    const identifiers = new Map(received.map(record => [idOf(record), toIdentifier(record)]));
    return { batchItemFailures: failed.map(({ id }) => ({ itemIdentifier: identifiers.get(id) })) };
  },
};

export function toKafkaRecord(record: KafkaRecord): EventRecord {
  const { topic, partition, value } = record;
  return {
    id: idOf(record),
    read: () => toContent(value),
    lane: `${topic}-${partition}`,
    raw: value,
    trace: parseTrace(traceparentOf(record)),
  };
}

function idOf({ topic, partition, offset }: KafkaRecord): string {
  return `${topic}-${partition}-${offset}`;
}

function toIdentifier({ topic, partition, offset }: KafkaRecord) {
  return { partition: `${topic}-${partition}`, offset };
}

function toContent(value: string | null | undefined): Content {
  return typeof value === 'string'
    ? unwrap(Buffer.from(value, 'base64').toString('utf8'))
    : { kind: 'nothing' };
}

/** Returns the traceparent; header values are arrays of bytes. */
function traceparentOf({ headers }: KafkaRecord): string | undefined {
  const bytes = headers?.find(header => Object.hasOwn(header, 'traceparent'))?.traceparent;
  return bytes && Buffer.from(bytes).toString('latin1');
}
