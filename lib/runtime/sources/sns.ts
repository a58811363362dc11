import type { SNSEvent, SNSEventRecord } from 'aws-lambda';
import { parseTrace } from '../telemetry/trace.ts';
import { throwIfFailed } from './answers.ts';
import type { EventRecord } from './event-record.ts';
import { processEvent } from './process-event.ts';
import { readEvent } from './read-event.ts';
import type { Source } from './source.ts';
import { unwrapNotification } from './unwrap.ts';

/** SNS, which invokes asynchronously: failures are thrown, and Lambda retries the event, twice by default. */
export const sns: Source<SNSEvent> = {
  name: 'sns',
  matches: event => event.Records?.[0]?.EventSource === 'aws:sns',
  async handle(event, fn, invocation) {
    const records = readEvent('sns', () => event.Records.map(toSnsRecord));
    throwIfFailed(await processEvent(records, { fn, invocation, source: 'sns' }), records.length);
  },
};

function toSnsRecord({ Sns }: SNSEventRecord): EventRecord {
  return {
    id: Sns.MessageId,
    read: () => unwrapNotification(Sns.Message),
    raw: Sns.Message,
    trace: parseTrace(Sns.MessageAttributes?.traceparent?.Value),
  };
}
