import { base64, type SampleEvent, type SampleScope } from './sample-event.ts';

const cloudEvent = ({ now }: SampleScope, fields: object) => ({
  specversion: '1.0',
  id: '1',
  time: now.toISOString(),
  datacontenttype: 'application/json',
  ...fields,
});

/** CloudEvents that Eventarc delivers: https://github.com/googleapis/google-cloudevents. Each has one record. */
export const googleSamples: readonly Omit<SampleEvent, 'target'>[] = [
  {
    name: 'pubsub',
    about: 'a topic of Pub/Sub',
    make: scope =>
      cloudEvent(scope, {
        type: 'google.cloud.pubsub.topic.v1.messagePublished',
        source: '//pubsub.googleapis.com/projects/sample/topics/sample',
        data: {
          subscription: 'projects/sample/subscriptions/sample',
          message: {
            messageId: '1',
            publishTime: scope.now.toISOString(),
            attributes: {},
            data: base64(scope.records[0]),
          },
        },
      }),
  },
  {
    name: 'cloud-storage',
    about: 'an object written to a bucket of Cloud Storage',
    hasObject: true,
    make: scope =>
      cloudEvent(scope, {
        type: 'google.cloud.storage.object.v1.finalized',
        source: '//storage.googleapis.com/projects/_/buckets/sample-bucket',
        subject: `objects/${scope.objectKey}`,
        data: { bucket: 'sample-bucket', name: scope.objectKey, generation: '1' },
      }),
  },
  {
    name: 'cloud-event',
    about: 'an event of your own through Eventarc',
    make: scope => cloudEvent(scope, { type: 'sample.record', source: '//sample', data: scope.records[0] }),
  },
];
