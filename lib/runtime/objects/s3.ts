import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { RequestError } from '../errors.ts';
import { createParts } from './parts.ts';
import type { ObjectStore } from './types.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html: at least 5 MiB, and at most 10,000 parts. */
const partBytes = 8 * 1024 * 1024;

/** Opens S3 with AWS's own client. */
export function openStore(): ObjectStore {
  const client = new S3Client({});
  return {
    async open({ bucket, key, version }) {
      const object = { Bucket: bucket, Key: key, ...(version !== undefined && { VersionId: version }) };
      const head = await client.send(new HeadObjectCommand(object)).catch(error => {
        throw error.$metadata?.httpStatusCode === 404
          ? new RequestError(404, 'OBJECT_MISSING', 'the object no longer exists')
          : error;
      });
      return {
        sizeBytes: head.ContentLength ?? 0,
        metadata: head.Metadata ?? {},
        async *stream(start = 0) {
          const range = start > 0 && { Range: `bytes=${start}-` };
          const { Body } = await client.send(new GetObjectCommand({ ...object, ...range }));
          yield* Body as AsyncIterable<Uint8Array>;
        },
        async range(start, end) {
          const { Body } = await client.send(
            new GetObjectCommand({ ...object, Range: `bytes=${start}-${end - 1}` }),
          );
          return Body!.transformToByteArray();
        },
      };
    },

    async create({ bucket, key }, { contentType, metadata }) {
      const object = { Bucket: bucket, Key: key };
      const { UploadId } = await client.send(
        new CreateMultipartUploadCommand({ ...object, ContentType: contentType, Metadata: metadata }),
      );
      const etags: { PartNumber: number; ETag: string | undefined }[] = [];
      const parts = createParts(partBytes, async Body => {
        const PartNumber = etags.length + 1;
        const { ETag } = await client.send(new UploadPartCommand({ ...object, UploadId, PartNumber, Body }));
        etags.push({ PartNumber, ETag });
      });
      return {
        write: parts.write,
        async complete() {
          await parts.flush();
          await client.send(
            new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload: { Parts: etags } }),
          );
        },
        async abort() {
          await client.send(new AbortMultipartUploadCommand({ ...object, UploadId }));
        },
      };
    },
  };
}
