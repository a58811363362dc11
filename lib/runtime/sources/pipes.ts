import { toActiveMqRecord } from './activemq.ts';
import { batchItemFailures, throwIfFailed } from './answers.ts';
import { toDynamoDbRecord } from './dynamodb.ts';
import type { EventRecord } from './event-record.ts';
import { toKafkaRecord } from './kafka.ts';
import { toKinesisRecords } from './kinesis.ts';
import { processEvent } from './process-event.ts';
import { toRabbitMqRecord } from './rabbitmq.ts';
import { readEvent } from './read-event.ts';
import type { Source } from './source.ts';
import { toSqsRecord } from './sqs.ts';

/** A record in its source's form, flattened, with the name of that source. */
type PipeRecord = { eventSource: string; eventID: string; eventSourceKey: string };

/** Readers for the records of each source. */
// biome-ignore lint/suspicious/noExplicitAny: each source has its own type of record
const readers: Record<string, (records: any[]) => EventRecord[]> = {
  'aws:sqs': records => records.map(toSqsRecord),
  'aws:kinesis': records => toKinesisRecords(records.map(record => ({ ...record, item: record.eventID }))),
  'aws:dynamodb': records =>
    records.map(record => ({ ...toDynamoDbRecord(record), item: record.eventID, lane: 'shard' })),
  'aws:kafka': records => records.map(toKafkaRecord),
  SelfManagedKafka: records => records.map(toKafkaRecord),
  'aws:SelfManagedKafka': records => records.map(toKafkaRecord),
  'aws:mq': records => records.map(toActiveMqRecord),
  'aws:amq': records => records.map(toActiveMqRecord),
  'aws:rmq': records => records.map(record => toRabbitMqRecord(record.eventSourceKey, record)),
};

/**
 * For these sources, a pipe accepts a partial batch response with the identifiers from its event; for all others, a
 * batch succeeds or fails as a whole.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html#pipes-partial-batch-failure
 */
const partialSources = new Set(['aws:sqs', 'aws:kinesis', 'aws:dynamodb']);

/** The target of EventBridge Pipes: the records of one source, in an array. */
export const pipes: Source<PipeRecord[]> = {
  name: 'pipes',
  matches: event =>
    Array.isArray(event) &&
    typeof event[0]?.eventSource === 'string' &&
    Object.hasOwn(readers, event[0].eventSource),
  async handle(event, fn, invocation) {
    const { eventSource } = event[0]!;
    const records = readEvent('pipes', () => readers[eventSource]!(event));
    const failed = await processEvent(records, { fn, invocation, source: 'pipes' });
    if (partialSources.has(eventSource)) {
      return batchItemFailures(failed, records.length);
    }
    throwIfFailed(failed, records.length);
    return undefined;
  },
};
