import { beforeAll, expect, test } from 'vitest';
import type { ColdpressFunction } from '../../../lib/runtime/function.ts';
import { googleSources } from '../../../lib/runtime/sources/google.ts';
import { keepingSink, lookupFunction, newInvocation } from './lookup-function.ts';

let fn: ColdpressFunction;

beforeAll(async () => {
  fn = await lookupFunction();
});

function pubSub(text: string, attributes: Record<string, string> = {}) {
  const message = {
    data: Buffer.from(text).toString('base64'),
    attributes,
    messageId: '1215011316659232',
    publishTime: '2026-11-05T09:08:07.006Z',
  };
  return {
    id: '1096434104173400',
    specversion: '1.0',
    type: 'google.cloud.pubsub.topic.v1.messagePublished',
    source: '//pubsub.googleapis.com/projects/sample-project/topics/gcf-test',
    data: { message, subscription: 'projects/sample-project/subscriptions/s' },
  };
}

const stored = {
  id: '1234567890',
  specversion: '1.0',
  type: 'google.cloud.storage.object.v1.finalized',
  source: '//storage.googleapis.com/projects/_/buckets/some-bucket',
  data: {
    bucket: 'some-bucket',
    name: 'folder/Test.csv',
    generation: '1587627537231057',
    contentType: 'text/csv',
  },
};

const generic = {
  id: 'A234',
  specversion: '1.0',
  type: 'com.example.measured',
  source: '/sensors',
  data: { index: 3 },
};

const { data: _, ...bare } = generic;
const encoded = { ...bare, data_base64: Buffer.from('{"index":3}').toString('base64') };

test.each([
  { name: 'Pub/Sub', source: 'pubsub', event: pubSub('{"index":3}'), id: '1215011316659232' },
  { name: 'a CloudEvent of any kind', source: 'cloud-event', event: generic, id: 'A234' },
  { name: 'data in base64', source: 'cloud-event', event: encoded, id: 'A234' },
  {
    name: 'data in base64, of a type of JSON',
    source: 'cloud-event',
    event: { ...encoded, datacontenttype: 'application/vnd.x+json; charset=utf-8' },
    id: 'A234',
  },
])('$name: the result goes to the sink', async ({ source, event, id }) => {
  const results = keepingSink();
  const found = googleSources.find(candidate => candidate.matches(event))!;
  await found.handle(event, { ...fn, sinks: { results } }, newInvocation());
  expect(results.taken).toMatchObject([{ id, body: { source, result: { value: expect.any(Number) } } }]);
});

test.each([
  { name: 'bad JSON', event: pubSub('no'), message: '1215011316659232: JSON (400)' },
  {
    name: 'base64 that holds no JSON',
    event: { ...bare, data_base64: 'bm8=' },
    message: 'A234: JSON (400)',
  },
  { name: 'a bad record', event: { ...generic, data: {} }, message: 'A234: RECORD (422)' },
  { name: 'an object, unconfigured', event: stored, message: 'events.objects' },
  {
    name: 'an object by way of Pub/Sub, unconfigured',
    event: pubSub('{}', { eventType: 'OBJECT_FINALIZE', bucketId: 'b', objectId: 'k' }),
    message: 'events.objects',
  },
])('$name throws', async ({ event, message }) => {
  const source = googleSources.find(candidate => candidate.matches(event))!;
  await expect(source.handle(event, { ...fn, sinks: {} }, newInvocation())).rejects.toThrow(message);
});

test.each([
  ['a deletion', { eventType: 'OBJECT_DELETE', bucketId: 'b', objectId: 'k' }],
  ['the marker of a folder', { eventType: 'OBJECT_FINALIZE', bucketId: 'b', objectId: 'in/2026/' }],
])('%s is nothing', async (_, attributes) => {
  const event = pubSub('{}', attributes);
  await googleSources
    .find(candidate => candidate.matches(event))!
    .handle(event, { ...fn, sinks: {} }, newInvocation());
});
