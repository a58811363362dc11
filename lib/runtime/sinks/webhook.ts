import { createHash } from 'node:crypto';
import type { SinkSettings } from '../../contract/settings.ts';
import { httpAttempt } from '../platform/http-attempt.ts';
import { resolveSetting } from '../platform/resolve-setting.ts';
import { readSecret } from '../secrets/read-secret.ts';
import { formatTraceparent } from '../telemetry/trace.ts';
import { type EncodedEntry, sendInBatches } from './batches.ts';
import type { Sink, SinkScope } from './sink.ts';

/** There are no documented limits; receivers commonly reject bodies over 1 MB. */
const limits = { entries: 100, bytes: 1_000_000 } as const;
const timeoutMs = 10_000;

/** Posts arrays of records. The `Idempotency-Key` identifies the records, so the receiver can drop repetitions. */
export function openSink({ url, headers }: SinkSettings & { type: 'webhook' }, { env }: SinkScope): Sink {
  const address = resolveSetting(url, env);
  let reading: Promise<Record<string, string>> | undefined;
  return {
    async send(entries, deadline) {
      reading ??= readHeaders(headers, env);
      const own = await reading.catch(error => {
        // A later event may find the secret.
        reading = undefined;
        throw error;
      });
      return sendInBatches(entries, { limits, deadline }, async batch => {
        const attempt = await httpAttempt(address, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            ...traceHeader(batch),
            ...own,
            'idempotency-key': keyOf(batch),
          },
          body: `[${batch.map(({ text }) => text).join(',')}]`,
          signal: AbortSignal.any([deadline, AbortSignal.timeout(timeoutMs)]),
        });
        return batch.map(() => attempt);
      });
    },
  };
}

async function readHeaders(
  headers: (SinkSettings & { type: 'webhook' })['headers'],
  env: NodeJS.ProcessEnv,
): Promise<Record<string, string>> {
  const read = Object.entries(headers).map(async ([name, value]) => {
    const isSetting = typeof value === 'string' || 'env' in value;
    return [name, isSetting ? resolveSetting(value, env) : await readSecret(value, env)];
  });
  return Object.fromEntries(await Promise.all(read));
}

function traceHeader(batch: EncodedEntry[]): Record<string, string> {
  const trace = batch.find(({ entry }) => entry.trace !== undefined)?.entry.trace;
  return trace === undefined ? {} : { traceparent: formatTraceparent(trace) };
}

function keyOf(batch: EncodedEntry[]): string {
  return createHash('sha256')
    .update(batch.map(({ entry }) => entry.id).join('\n'))
    .digest('hex');
}
