import type { SinkSettings } from '../../contract/settings.ts';
import { googleTokens } from '../platform/google-token.ts';
import { httpAttempt } from '../platform/http-attempt.ts';
import { resolveSetting } from '../platform/resolve-setting.ts';
import { formatTraceparent } from '../telemetry/trace.ts';
import { sendInBatches } from './batches.ts';
import type { Sink, SinkScope } from './sink.ts';

/** https://cloud.google.com/pubsub/quotas: 10 MB a request, of which base64 takes a third. */
const limits = { entries: 1000, bytes: 7_000_000 } as const;

/**
 * A message a record; its attribute `id` tells one that comes again. Over Pub/Sub's own HTTP API, as the client
 * library brings gRPC and some 5 MB for this one call.
 */
export function pubSubSink({ topic }: SinkSettings & { type: 'pubsub' }, { env }: SinkScope): Sink {
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
        // A request is taken whole or not at all.
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
