import { storageApi } from '../../contract/google-storage.ts';
import type { SinkSettings } from '../../contract/settings.ts';
import { googleTokens } from '../platform/google-token.ts';
import { httpAttempt } from '../platform/http-attempt.ts';
import { resolveSetting } from '../platform/resolve-setting.ts';
import { sendInBatches } from './batches.ts';
import { sinkMark } from './mark.ts';
import { objectKey } from './object-key.ts';
import type { Sink, SinkScope } from './sink.ts';

/** One object per request; the simple upload is meant for small objects. */
const limits = { entries: 1, bytes: 100_000_000 } as const;

/** Writes one object per record, under its identifier, so that a redelivered record replaces the first object. */
export function openSink(
  { bucket, prefix }: SinkSettings & { type: 'gcs' },
  { env, purpose }: SinkScope,
): Sink {
  const { origin, isEmulator } = storageApi(env);
  const token = googleTokens(env);
  const path = `/upload/storage/v1/b/${encodeURIComponent(resolveSetting(bucket, env))}/o`;
  return {
    send: (entries, deadline) =>
      sendInBatches(entries, { limits, deadline }, async ([item]) => {
        const { entry, text } = item!;
        const resource = {
          name: objectKey(entry.id, prefix),
          metadata: { [sinkMark]: purpose },
        };
        const headers = {
          'content-type': `multipart/related; boundary=${boundary}`,
          ...(!isEmulator && { authorization: `Bearer ${await token()}` }),
        };
        const body = related(JSON.stringify(resource), text);
        return [
          await httpAttempt(`${origin}${path}?uploadType=multipart`, {
            method: 'POST',
            headers,
            body,
            signal: deadline,
          }),
        ];
      }),
  };
}

/** JSON never contains this as a line. */
const boundary = 'coldpress-0b5f1c';

/** Joins metadata and content: https://cloud.google.com/storage/docs/uploading-objects#uploading-an-object */
function related(resource: string, content: string): string {
  const part = (body: string) => `--${boundary}\r\ncontent-type: application/json\r\n\r\n${body}\r\n`;
  return `${part(resource)}${part(content)}--${boundary}--\r\n`;
}
