import { EventBridgeClient, PutEventsCommand, type PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import type { SinkSettings } from '../../contract/settings.ts';
import { resolveSetting } from '../platform/resolve-setting.ts';
import { type Attempt, done } from '../platform/retry.ts';
import { formatXRay } from '../telemetry/trace.ts';
import { sendInBatches } from './batches.ts';
import type { Sink, SinkScope } from './sink.ts';

/** 1 MiB since 2026, not in every partition: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
const limits = { entries: 10, bytes: 262_144, bytesAlone: 1_048_576 } as const;

/** Sends one event per record. EventBridge does not deduplicate redelivered records; `detail.id` identifies them. */
export function openSink(
  { bus, source, detailType }: SinkSettings & { type: 'eventbridge' },
  { env }: SinkScope,
): Sink {
  const client = new EventBridgeClient({});
  const common = {
    EventBusName: resolveSetting(bus, env),
    Source: source,
    DetailType: detailType,
  };
  return {
    send: (entries, deadline) =>
      sendInBatches(entries, { limits, deadline }, async batch => {
        const Entries = batch.map(({ entry, text }) => ({
          ...common,
          Detail: text,
          ...(entry.trace !== undefined && { TraceHeader: formatXRay(entry.trace) }),
        }));
        const answer = await client.send(new PutEventsCommand({ Entries }), { abortSignal: deadline });
        return batch.map((_, index) => toAttempt(answer.Entries?.[index]));
      }),
  };
}

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html */
const passing = new Set([
  'ThrottlingException',
  'InternalFailure',
  'InternalException',
  'LimitExceededException',
]);

function toAttempt(answer: PutEventsResultEntry | undefined): Attempt {
  if (answer?.ErrorCode === undefined) {
    return done;
  }
  const error = new Error(`${answer.ErrorCode}: ${answer.ErrorMessage}`);
  return { kind: passing.has(answer.ErrorCode) ? 'again' : 'never', error };
}
