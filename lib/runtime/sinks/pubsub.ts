import type { SinkSettings } from '../../contract/settings.ts';
import { googleTokens } from '../platform/google-token.ts';
import { httpAttempt } from '../platform/http-attempt.ts';
import { resolveSetting } from '../platform/resolve-setting.ts';
import { formatTraceparent } from '../telemetry/trace.ts';
import { sendInBatches } from './batches.ts';
import type { Sink, SinkScope } from './sink.ts';

/** https://cloud.google.com/pubsub/quotas: 10 MB per request, which base64 reduces by a quarter. */
const limits = { entries: 1000, bytes: 7_000_000 } as const;

/**
 * Publishes one message per record; its attribute `id` identifies a redelivered record. It uses Pub/Sub's own HTTP API,
 * because the client library adds gRPC and about 5 MB for this one call.
 */
export function openSink({ topic }: SinkSettings & { type: 'pubsub' }, { env }: SinkScope): Sink {
  const emulator = env.PUBSUB_EMULATOR_HOST;
  const token = googleTokens(env);
  const origin = emulator === undefined ? 'https://pubsub.googleapis.com' : `http://${emulator}`;
  const url = `${origin}/v1/${resolveSetting(topic, env)}:publish`;
  return {
    send: (entries, deadline) =>
      sendInBatches(entries, { limits, deadline }, async batch => {
        const messages = batch.map(({ entry, text }) => ({
          data: Buffer.from(text).toString('base64'),
          attributes: {
            id: entry.id,
            ...(entry.trace !== undefined && { googclient_traceparent: formatTraceparent(entry.trace) }),
          },
        }));
        const headers = {
          'content-type': 'application/json',
          ...(emulator === undefined && { authorization: `Bearer ${await token()}` }),
        };
        // A request is accepted completely or not at all.
        const attempt = await httpAttempt(url, {
          method: 'POST',
          headers,
          body: JSON.stringify({ messages }),
          signal: deadline,
        });
        return batch.map(() => attempt);
      }),
  };
}
