import { FetchFailure, statusFailure } from './failure.ts';
import type { PartRequest, RemotePart } from './part.ts';

/** Fetches `s3://BUCKET/KEY` with the AWS SDK, which finds region and credentials in its usual way. */
export async function fetchS3({ url, offsetBytes, validator, signal }: PartRequest): Promise<RemotePart> {
  const { S3Client, GetObjectCommand } = await import('@aws-sdk/client-s3').catch(cause => {
    throw new FetchFailure('the AWS SDK for S3 is not installed', {
      isTransient: false,
      hint: 'npm install @aws-sdk/client-s3',
      cause,
    });
  });
  const client = new S3Client({ followRegionRedirects: true });
  const from = validator === '' ? 0 : offsetBytes;
  const part = from === 0 ? {} : { Range: `bytes=${from}-`, IfMatch: validator };
  const command = new GetObjectCommand({
    Bucket: url.host,
    Key: decodeURIComponent(url.pathname.slice(1)),
    ...part,
  });
  try {
    const answer = await client.send(command, { abortSignal: signal });
    const { ContentRange: range } = answer;
    if (range !== undefined && !range.startsWith(`bytes ${from}-`)) {
      throw new Error(`the server returned ${range.slice(0, 60)}; bytes from ${from} on were requested`);
    }
    const total = range?.split('/')[1] ?? answer.ContentLength;
    return {
      body: answer.Body as unknown as AsyncIterable<Uint8Array>,
      totalBytes: total === undefined ? undefined : Number(total),
      offsetBytes: range === undefined ? 0 : from,
      validator: answer.ETag ?? '',
    };
  } catch (cause) {
    signal.throwIfAborted();
    throw failureOf(cause as Error & { $metadata?: { httpStatusCode?: number } });
  }
}

function failureOf(error: Error & { $metadata?: { httpStatusCode?: number } }): FetchFailure {
  const status = error.$metadata?.httpStatusCode ?? 0;
  const { isTransient } = statusFailure(status);
  return new FetchFailure(`${error.name}: ${error.message}`, {
    isTransient,
    status,
    hint: 'check bucket, key and credentials: aws s3 ls, AWS_PROFILE, AWS_REGION; or pass a presigned https:// URL',
    cause: error,
  });
}
