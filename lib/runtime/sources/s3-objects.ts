import type { EventBridgeEvent, S3Event } from 'aws-lambda';
import type { ObjectReference } from '../objects/types.ts';

/** Objects that were created; keys of notifications are encoded as those of forms, with `+` for a space. */
export function objectsOfNotification({ Records }: S3Event): ObjectReference[] {
  return Records.filter(({ eventName }) => /^(s3:)?ObjectCreated:/.test(eventName)).map(({ s3 }) => ({
    bucket: s3.bucket.name,
    key: decodeURIComponent(s3.object.key.replaceAll('+', ' ')),
    version: s3.object.versionId,
  }));
}

/** Keys of EventBridge are as they are. */
export function objectOfEvent(event: EventBridgeEvent<string, unknown>): ObjectReference | undefined {
  if (event['detail-type'] !== 'Object Created') {
    return undefined;
  }
  const { bucket, object } = event.detail as {
    bucket: { name: string };
    object: { key: string; 'version-id'?: string };
  };
  return { bucket: bucket.name, key: object.key, version: object['version-id'] };
}

/** Names an object the same at each delivery. */
export function objectId({ bucket, key, version }: ObjectReference): string {
  return `${bucket}/${key}${version === undefined ? '' : `@${version}`}`;
}
