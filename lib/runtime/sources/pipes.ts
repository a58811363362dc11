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

/** A record as its own source has it, flat, and which source that is. */
type PipeRecord = { eventSource: string; eventID: string; eventSourceKey: string };

/** How records of each source are read. */
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
 * Of these a pipe takes a partial batch response, by the identifiers that the records have in its event; of the
 * others it takes a batch for done or not.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html#pipes-partial-batch-failure
 */
const partialSources = new Set(['aws:sqs', 'aws:kinesis', 'aws:dynamodb']);

/** EventBridge Pipes, as their target: the records of one source, in an array. */
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
