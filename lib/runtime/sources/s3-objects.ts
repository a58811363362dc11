import type { EventBridgeEvent, S3Event } from 'aws-lambda';
import type { ObjectReference } from '../objects/types.ts';

/** Returns the objects that were created; notifications encode keys like forms, with `+` for a space. */
export function objectsOfNotification({ Records }: S3Event): ObjectReference[] {
  return Records.filter(({ eventName }) => /^(s3:)?ObjectCreated:/.test(eventName)).map(({ s3 }) => ({
    bucket: s3.bucket.name,
    key: decodeURIComponent(s3.object.key.replaceAll('+', ' ')),
    version: s3.object.versionId,
  }));
}

/** Returns the object of an EventBridge event, whose key is not encoded. */
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

/** Returns an identifier of an object that is equal at each delivery. */
export function objectId({ bucket, key, version }: ObjectReference): string {
  return `${bucket}/${key}${version === undefined ? '' : `@${version}`}`;
}
