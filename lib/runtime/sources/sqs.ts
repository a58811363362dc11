import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { parseTrace } from '../telemetry/trace.ts';
import { batchItemFailures } from './answers.ts';
import type { EventRecord } from './event-record.ts';
import { processEvent } from './process-event.ts';
import { readEvent } from './read-event.ts';
import type { Source } from './source.ts';
import { unwrap } from './unwrap.ts';

/**
 * SQS, standard and FIFO; a body is a record, or a message from SNS, S3 or EventBridge. The event source mapping must
 * enable ReportBatchItemFailures; otherwise Lambda treats failed records as done.
 */
export const sqs: Source<SQSEvent> = {
  name: 'sqs',
  matches: event => event.Records?.[0]?.eventSource === 'aws:sqs',
  async handle(event, fn, invocation) {
    const records = readEvent('sqs', () => event.Records.map(toSqsRecord));
    return batchItemFailures(await processEvent(records, { fn, invocation, source: 'sqs' }), records.length);
  },
};

export function toSqsRecord({ messageId, body, attributes, messageAttributes }: SQSRecord): EventRecord {
  // A FIFO queue delivers a group in order, so no message may be done before a failed one ahead of it.
  const group = attributes.MessageGroupId;
  const isFifo = attributes.SequenceNumber !== undefined;
  return {
    id: messageId,
    read: () => unwrap(body),
    raw: body,
    ...(isFifo && group !== undefined && { lane: group }),
    trace: parseTrace(messageAttributes.traceparent?.stringValue ?? attributes.AWSTraceHeader),
  };
}
