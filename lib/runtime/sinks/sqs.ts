import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SinkSettings } from '../../contract/settings.ts';
import { resolveSetting } from '../platform/resolve-setting.ts';
import { formatTraceparent, formatXRay, type Trace } from '../telemetry/trace.ts';
import { batchAttempts } from './batch-attempts.ts';
import { type EncodedEntry, sendInBatches } from './batches.ts';
import { safeId } from './safe-id.ts';
import type { Sink, SinkScope } from './sink.ts';

/** 1 MiB since 2025: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const limits = { entries: 10, bytes: 1_048_576 } as const;

/** Sends one message per record. A FIFO queue drops a record that is redelivered within five minutes. */
export function openSink({ queueUrl }: SinkSettings & { type: 'sqs' }, { env }: SinkScope): Sink {
  const client = new SQSClient({});
  const url = resolveSetting(queueUrl, env);
  const isFifo = url.endsWith('.fifo');
  return {
    send: (entries, deadline) =>
      sendInBatches(entries, { limits, deadline }, async batch => {
        const Entries = batch.map((item, index) => toMessage(item, index, isFifo));
        const { Failed } = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }), {
          abortSignal: deadline,
        });
        return batchAttempts(batch.length, Failed);
      }),
  };
}

function toMessage({ entry, text }: EncodedEntry, index: number, isFifo: boolean) {
  const id = safeId(entry.id);
  return {
    Id: String(index),
    MessageBody: text,
    // Records have no order within a sink, so each is its own group.
    ...(isFifo && { MessageGroupId: id, MessageDeduplicationId: id }),
    ...(entry.trace !== undefined && traceAttributes(entry.trace)),
  };
}

function traceAttributes(trace: Trace) {
  const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });
  return {
    MessageAttributes: { traceparent: attribute(formatTraceparent(trace)) },
    MessageSystemAttributes: { AWSTraceHeader: attribute(formatXRay(trace)) },
  };
}
