import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { SinkSettings } from '../../contract/settings.ts';
import { resolveSetting } from '../platform/resolve-setting.ts';
import { done } from '../platform/retry.ts';
import { sendInBatches } from './batches.ts';
import { sinkMark } from './mark.ts';
import { objectKey } from './object-key.ts';
import type { Sink, SinkScope } from './sink.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html: up to 5 GB per request. */
const limits = { entries: 1, bytes: 5 * 1024 ** 3 } as const;

/** Writes one object per record, under its identifier, so that a redelivered record replaces the first object. */
export function openSink(
  { bucket, prefix }: SinkSettings & { type: 's3' },
  { env, purpose }: SinkScope,
): Sink {
  const client = new S3Client({});
  const Bucket = resolveSetting(bucket, env);
  return {
    send: (entries, deadline) =>
      sendInBatches(entries, { limits, deadline }, async ([item]) => {
        const { entry, text } = item!;
        const Key = objectKey(entry.id, prefix);
        const object = {
          Bucket,
          Key,
          Body: text,
          ContentType: 'application/json',
          Metadata: { [sinkMark]: purpose },
        };
        await client.send(new PutObjectCommand(object), { abortSignal: deadline });
        return [done];
      }),
  };
}
