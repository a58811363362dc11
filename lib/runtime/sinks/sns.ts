import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import type { SinkSettings } from '../../contract/settings.ts';
import { resolveSetting } from '../platform/resolve-setting.ts';
import { formatTraceparent } from '../telemetry/trace.ts';
import { batchAttempts } from './batch-attempts.ts';
import { type EncodedEntry, sendInBatches } from './batches.ts';
import { safeId } from './safe-id.ts';
import type { Sink, SinkScope } from './sink.ts';

/** More than 256 KiB only where the topic says so: https://docs.aws.amazon.com/sns/latest/dg/large-message-payloads.html */
const limits = { entries: 10, bytes: 262_144, bytesAlone: 1_048_576 } as const;

/** Publishes one notification per record. A FIFO topic drops a record that is redelivered within five minutes. */
export function openSink({ topicArn }: SinkSettings & { type: 'sns' }, { env }: SinkScope): Sink {
  const client = new SNSClient({});
  const arn = resolveSetting(topicArn, env);
  const isFifo = arn.endsWith('.fifo');
  return {
    send: (entries, deadline) =>
      sendInBatches(entries, { limits, deadline }, async batch => {
        const PublishBatchRequestEntries = batch.map((item, index) => toNotification(item, index, isFifo));
        const request = new PublishBatchCommand({ TopicArn: arn, PublishBatchRequestEntries });
        const { Failed } = await client.send(request, { abortSignal: deadline });
        return batchAttempts(batch.length, Failed);
      }),
  };
}

function toNotification({ entry, text }: EncodedEntry, index: number, isFifo: boolean) {
  const id = safeId(entry.id);
  return {
    Id: String(index),
    Message: text,
    ...(isFifo && { MessageGroupId: id, MessageDeduplicationId: id }),
    ...(entry.trace !== undefined && {
      MessageAttributes: { traceparent: { DataType: 'String', StringValue: formatTraceparent(entry.trace) } },
    }),
  };
}
