import type { KinesisStreamEvent } from 'aws-lambda';
import type { Source } from './source.ts';
import { processStream } from './stream.ts';
import { unwrap } from './unwrap.ts';

/** Kinesis data streams: JSON in each record; aggregates of the Kinesis Producer Library are not taken apart. */
export const kinesis: Source<KinesisStreamEvent> = {
  name: 'kinesis',
  matches: event => event.Records?.[0]?.eventSource === 'aws:kinesis',
  handle(event, fn, invocation) {
    const records = event.Records.map(({ kinesis: { sequenceNumber, data } }) => ({
      id: sequenceNumber,
      read: () => unwrap(Buffer.from(data, 'base64').toString('utf8')),
      raw: data,
    }));
    return processStream(records, { fn, invocation, source: 'kinesis' });
  },
};
