import { type CloudEvent, processCloudEvent } from './cloud-event.ts';
import { type Content, parseJson } from './event-record.ts';
import { readEvent } from './read-event.ts';
import type { Source } from './source.ts';

/** google.events.cloud.pubsub.v1.MessagePublishedData */
interface MessagePublished {
  message?: { data?: string; messageId?: string; attributes?: Record<string, string> };
}

/** Pub/Sub through Eventarc: one message, whose data is a JSON record, or a Cloud Storage notification to the topic. */
export const pubSub: Source<CloudEvent<MessagePublished>> = {
  name: 'pubsub',
  matches: event => event.type === 'google.cloud.pubsub.topic.v1.messagePublished',
  async handle(event, fn, invocation) {
    const { data = '', messageId = event.id, attributes = {} } = event.data?.message ?? {};
    const text = readEvent('pubsub', () => Buffer.from(data, 'base64').toString('utf8'));
    const read = () => toContent(text, attributes);
    const traced = {
      ...event,
      traceparent: attributes.googclient_traceparent ?? attributes.traceparent ?? event.traceparent,
    };
    await processCloudEvent(traced, { id: messageId, read, raw: text }, { fn, invocation, source: 'pubsub' });
  },
};

/** https://cloud.google.com/storage/docs/pubsub-notifications#attributes */
function toContent(
  text: string,
  { eventType, bucketId, objectId, objectGeneration }: Record<string, string>,
): Content {
  if (bucketId === undefined || objectId === undefined || eventType === undefined) {
    return { kind: 'record', record: parseJson(text) };
  }
  return eventType === 'OBJECT_FINALIZE'
    ? { kind: 'objects', objects: [{ bucket: bucketId, key: objectId, version: objectGeneration }] }
    : { kind: 'nothing' };
}
