import type { KinesisStreamEvent } from 'aws-lambda';
import type { EventRecord } from './event-record.ts';
import { unpackRecord } from './kinesis-packed.ts';
import { readEvent } from './read-event.ts';
import type { Source } from './source.ts';
import { processStream } from './stream.ts';
import { unwrap } from './unwrap.ts';

/** Kinesis data streams: each record is JSON, or several records packed into one. */
export const kinesis: Source<KinesisStreamEvent> = {
  name: 'kinesis',
  matches: event => event.Records?.[0]?.eventSource === 'aws:kinesis',
  async handle(event, fn, invocation) {
    const records = readEvent('kinesis', () => toKinesisRecords(event.Records.map(record => record.kinesis)));
    return processStream(records, { fn, invocation, source: 'kinesis' });
  },
};

/** The start of Kinesis Producer Library aggregates and of gzip, in base64. */
const packed = /^(84maw[g-v]|H4sI)/;

/** @param received - `item` requests redelivery from the source (default: the sequence number) */
export function toKinesisRecords(
  received: readonly { sequenceNumber: string; data: string; item?: string }[],
): EventRecord[] {
  return received.flatMap(({ sequenceNumber, data, item = sequenceNumber }): EventRecord[] => {
    const parts = packed.test(data) ? unpackRecord(Buffer.from(data, 'base64')) : undefined;
    const common = { item, lane: 'shard' };
    return (
      parts?.map(({ id, text }) => ({
        ...common,
        id: `${sequenceNumber}:${id}`,
        read: () => unwrap(text),
        raw: text,
      })) ?? [
        {
          ...common,
          id: sequenceNumber,
          read: () => unwrap(Buffer.from(data, 'base64').toString('utf8')),
          raw: data,
        },
      ]
    );
  });
}
