import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hostOf } from '../../lib/local/host.ts';
import { type ServedArtifact, serveArtifact } from '../../lib/local/serve.ts';
import { example, makeScratch, packExample } from './pack-example.ts';

/**
 * The CloudEvents that the functions framework's conformance suite sends, and those it must not take, answered by the
 * packed artifact. https://github.com/GoogleCloudPlatform/functions-framework-conformance
 */

const record = JSON.parse(readFileSync(join(example, 'record.json'), 'utf8'));
const attributes = { specversion: '1.0', id: '1', source: '//example/sensors', type: 'com.example.measured' };
const structured = { ...attributes, datacontenttype: 'application/json', data: record };
const binary = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value]));
const json = { 'content-type': 'application/json' };
const message = {
  data: Buffer.from(JSON.stringify(record)).toString('base64'),
  messageId: '7',
  publishTime: '2026-11-05T09:08:07Z',
};
const published = {
  ...attributes,
  type: 'google.cloud.pubsub.topic.v1.messagePublished',
  data: { message, subscription: 's' },
};

interface Case {
  name: string;
  headers: Record<string, string>;
  body: unknown;
  status: number;
  /** The source that its line in the log names; none where no event was seen. */
  source?: string;
  /** What else its log has. */
  says?: string;
}

const cases: Case[] = [
  { name: 'binary mode', headers: { ...json, ...binary }, body: record, status: 204, source: 'cloud-event' },
  {
    name: 'structured mode',
    headers: { 'content-type': 'application/cloudevents+json' },
    body: structured,
    status: 204,
    source: 'cloud-event',
  },
  {
    name: 'structured mode with a charset',
    headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
    body: structured,
    status: 204,
    source: 'cloud-event',
  },
  {
    name: 'a message of Pub/Sub',
    headers: { 'content-type': 'application/cloudevents+json' },
    body: published,
    status: 204,
    source: 'pubsub',
  },
  {
    name: 'a push of Pub/Sub',
    headers: json,
    body: { message, subscription: 'projects/p/subscriptions/s' },
    status: 204,
    source: 'pubsub',
  },
  {
    name: 'an object, which this function was not packed for',
    headers: { ...json, ...binary, 'ce-type': 'google.cloud.storage.object.v1.finalized' },
    body: { bucket: 'b', name: 'n.csv' },
    status: 500,
    source: 'cloud-storage',
  },
  {
    name: 'an object that was deleted',
    headers: { ...json, ...binary, 'ce-type': 'google.cloud.storage.object.v1.deleted' },
    body: { bucket: 'b', name: 'n.csv' },
    status: 204,
    source: 'cloud-storage',
  },
  {
    name: 'the protobuf of Firestore, which is done with',
    headers: {
      'content-type': 'application/protobuf',
      ...binary,
      'ce-type': 'google.cloud.firestore.document.v1.written',
    },
    body: Uint8Array.of(10, 5, 10, 3, 0x61, 0x2f, 0x62),
    status: 204,
    source: 'refused',
    says: 'this is an event of Firestore',
  },
  {
    name: 'an event of Google’s that is not known',
    headers: { 'content-type': 'application/cloudevents+json' },
    body: { ...structured, type: 'google.cloud.new.v1.happened' },
    status: 204,
    source: 'refused',
    says: 'this is an event of type "google.cloud.new.v1.happened"',
  },
  {
    name: 'a record that is none',
    headers: { ...json, ...binary },
    body: {},
    status: 500,
    source: 'cloud-event',
  },
  {
    name: 'batched mode',
    headers: { 'content-type': 'application/cloudevents-batch+json' },
    body: [structured, structured],
    status: 500,
  },
  {
    name: 'a wrong content type',
    headers: { 'content-type': 'text/plain' },
    body: JSON.stringify(structured),
    status: 500,
  },
  ...Object.keys(attributes).flatMap((missing): Case[] => [
    {
      name: `structured mode without ${missing}`,
      headers: { 'content-type': 'application/cloudevents+json' },
      body: { ...structured, [missing]: undefined },
      status: 500,
    },
    {
      name: `binary mode without ${missing}`,
      headers: Object.fromEntries(
        Object.entries({ ...json, ...binary }).filter(([name]) => name !== `ce-${missing}`),
      ),
      body: record,
      status: 500,
    },
  ]),
  {
    name: 'another version of the specification',
    headers: { 'content-type': 'application/cloudevents+json' },
    body: { ...structured, specversion: '0.3' },
    status: 500,
  },
  {
    name: 'a compressed one',
    headers: { 'content-type': 'application/cloudevents+json', 'content-encoding': 'gzip' },
    body: gzipSync(JSON.stringify(structured)),
    status: 204,
    source: 'cloud-event',
  },
  {
    name: 'a message as large as Pub/Sub takes one',
    headers: json,
    body: { message: { ...message, data: 'A'.repeat(13e6) }, subscription: 'projects/p/subscriptions/s' },
    status: 500,
    source: 'pubsub',
  },
  ...Object.entries({
    'millions of objects': `[${'{},'.repeat(7e6)}{}]`,
    'millions of levels': `${'[ '.repeat(1e7)}`,
    'millions of numbers': `{"specversion":"1.0","data":[${'1,'.repeat(1e7)}1]}`,
    'millions of names': `{${Array.from({ length: 1e6 }, (_, index) => `"k${index}":0`).join()}}`,
  }).map(
    ([what, body]): Case => ({
      name: `${what}, compressed`,
      headers: { 'content-type': 'application/cloudevents+json', 'content-encoding': 'gzip' },
      body: gzipSync(body, { level: 1 }),
      status: what.endsWith('levels') ? 400 : 413,
    }),
  ),
  {
    name: 'what inflates to more than the platform takes',
    headers: { ...json, 'content-encoding': 'gzip' },
    body: gzipSync('1'.repeat(4e7), { level: 1 }),
    status: 413,
  },
  {
    name: 'an encoding that is none',
    headers: { ...json, 'content-encoding': 'gzip' },
    body: '{}',
    status: 400,
  },
  {
    name: 'what is not JSON',
    headers: { 'content-type': 'application/cloudevents+json' },
    body: '{bad',
    status: 400,
  },
];

let served: ServedArtifact;
let dir: string;
let log = '';
const scratch = makeScratch();

beforeAll(async () => {
  dir = await packExample(scratch, 'gcf');
  served = await serveArtifact(dir, {
    host: hostOf(process),
    port: 0,
    signature: 'cloudevent',
    onLog: text => {
      log += text;
    },
  });
}, 60_000);

afterAll(() => served?.close());

test.each(cases)('$name: $status', async ({ headers, body, status, source, says = '' }) => {
  log = '';
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(served.url, {
    method: 'POST',
    headers,
    body: isRaw ? (body as string) : JSON.stringify(body),
  });
  await response.arrayBuffer();
  expect(response.status).toBe(status);
  await expect.poll(() => /"severity".*"source":"([a-z-]+)"/.exec(log)?.[1]).toBe(source);
  expect(log).toContain(says);
});

test('a GET is no event: the framework itself fails at it', async () => {
  const response = await fetch(served.url);
  expect(response.status).toBe(500);
});

test('an event that comes to a function for HTTP is refused, not scored', async () => {
  const http = await serveArtifact(dir, { host: hostOf(process), port: 0, signature: 'http' });
  try {
    const send = async (headers: Record<string, string>, body: unknown) => {
      const options = { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(body) };
      const response = await fetch(http.url, options);
      return { status: response.status, text: await response.text() };
    };
    const push = { 'user-agent': 'CloudPubSub-Google' };
    const refused = { status: 400, text: expect.stringContaining('deploy it with a trigger') };
    expect(await send(push, { message, subscription: 'projects/p/subscriptions/s' })).toEqual(refused);
    expect(await send({ ...binary, 'ce-type': published.type }, published.data)).toEqual(refused);
    expect(await send(push, record)).toMatchObject({ status: 200 });
  } finally {
    await http.close();
  }
});
