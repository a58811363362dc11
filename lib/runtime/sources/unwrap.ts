import type { EventBridgeEvent, S3Event } from 'aws-lambda';
import { isObject } from '../../contract/is-object.ts';
import { type Content, parseJson } from './event-record.ts';
import { objectOfEvent, objectsOfNotification } from './s3-objects.ts';

/** An SNS notification as SQS and HTTP subscribers receive it without raw delivery. */
interface SnsEnvelope {
  Type: 'Notification';
  TopicArn: string;
  Message: string;
}

/**
 * Returns the content of an AWS message: a record, an S3 notification or an EventBridge event; the latter two may be in
 * an SNS envelope.
 * @throws RequestError if the text is not JSON
 */
export function unwrap(text: string): Content {
  return unwrapValue(parseJson(text));
}

export function unwrapValue(value: unknown): Content {
  if (isSnsEnvelope(value)) {
    return unwrapNotification(value.Message);
  }
  if (isS3Notification(value)) {
    return { kind: 'objects', objects: objectsOfNotification(value) };
  }
  if (isS3TestEvent(value)) {
    return { kind: 'nothing' };
  }
  return isEventBridgeEvent(value) ? unwrapEvent(value) : { kind: 'record', record: value };
}

/** Returns the message of an SNS notification; an envelope within it counts as a record. */
export function unwrapNotification(message: string): Content {
  const value = parseJson(message);
  return isSnsEnvelope(value) ? { kind: 'record', record: value } : unwrapValue(value);
}

/** A bucket's event contains an object, a scheduled event nothing, and any other event its `detail`. */
export function unwrapEvent(event: EventBridgeEvent<string, unknown>): Content {
  if (event.source === 'aws.s3') {
    const object = objectOfEvent(event);
    return object === undefined ? { kind: 'nothing' } : { kind: 'objects', objects: [object] };
  }
  const isSchedule = event['detail-type'] === 'Scheduled Event';
  return isSchedule ? { kind: 'nothing' } : { kind: 'record', record: event.detail };
}

export function isEventBridgeEvent(value: unknown): value is EventBridgeEvent<string, unknown> {
  return (
    isObject(value) &&
    typeof value['detail-type'] === 'string' &&
    typeof value.source === 'string' &&
    'detail' in value
  );
}

export function isS3Notification(value: unknown): value is S3Event {
  const records = isObject(value) ? value.Records : undefined;
  return Array.isArray(records) && records[0]?.eventSource === 'aws:s3';
}

function isSnsEnvelope(value: unknown): value is SnsEnvelope {
  return (
    isObject(value) &&
    value.Type === 'Notification' &&
    typeof value.TopicArn === 'string' &&
    typeof value.Message === 'string'
  );
}

/** S3 sends this event to a queue or topic when notifications are configured. */
function isS3TestEvent(value: unknown): boolean {
  return isObject(value) && value.Event === 's3:TestEvent' && value.Service === 'Amazon S3';
}
