import type { S3Event } from 'aws-lambda';
import { skip } from '../telemetry/tally.ts';
import { throwIfFailed } from './answers.ts';
import { processEvent } from './process-event.ts';
import { readEvent } from './read-event.ts';
import { objectId, objectsOfNotification } from './s3-objects.ts';
import type { Source } from './source.ts';
import { isS3Notification } from './unwrap.ts';

/** S3's own notifications, which invoke asynchronously. Created objects are scored, other events skipped. */
export const s3: Source<S3Event> = {
  name: 's3',
  matches: isS3Notification,
  async handle(event, fn, invocation) {
    const objects = readEvent('s3', () => objectsOfNotification(event));
    const records = objects.map(object => ({
      id: objectId(object),
      read: () => ({ kind: 'objects' as const, objects: [object] }),
      raw: object,
    }));
    skip(invocation.tally, event.Records.length - records.length);
    throwIfFailed(await processEvent(records, { fn, invocation, source: 's3' }), records.length);
  },
};
