import { expect, test } from 'vitest';
import { findSource } from '../../../lib/runtime/sources/find-source.ts';

const http = { version: '2.0', rawPath: '/', requestContext: { http: { method: 'POST' } } };
const odd = JSON.parse('{"toString":1,"valueOf":1}');

/** Events that look like a service's, with one part missing or of another type. */
const broken: [name: string, source: string, event: unknown][] = [
  ['no attributes', 'sqs', { Records: [{ eventSource: 'aws:sqs', body: '{}' }] }],
  ['no notification', 'sns', { Records: [{ EventSource: 'aws:sns' }] }],
  ['a record that is null', 'kinesis', { Records: [{ eventSource: 'aws:kinesis', kinesis: {} }, null] }],
  ['headers that are no list', 'kafka', { eventSource: 'aws:kafka', records: { a: [{ headers: {} }] } }],
  ['messages that are no list', 'rabbitmq', { eventSource: 'aws:rmq', rmqMessagesByQueue: { a: 1 } }],
  ['a record that is null', 'firehose', { invocationId: 'i', records: [{ recordId: 'r' }, null] }],
  ['logs that are not packed', 'cloudwatch-logs', { awslogs: { data: 'AAAA' } }],
  ['no attributes', 'pipes', [{ eventSource: 'aws:sqs', body: '{}' }]],
  ['no path', 'http-v2', { ...http, rawPath: undefined }],
  ['a body that is an object', 'http-v2', { ...http, body: {} }],
  ['a header that is no text', 'http-v2', { ...http, headers: { a: odd } }],
  ['a body that is a number', 'http-v1', { httpMethod: 'POST', path: '/', headers: {}, body: 1 }],
  ['no path', 'http-alb', { httpMethod: 'POST', requestContext: { elb: {} } }],
];

test.each([
  ['its source', { eventSource: odd, messages: [] }, 'direct'],
  ['the source of its records', { Records: [{ eventSource: odd }] }, 'direct'],
  ['the source of what a pipe brings', [{ eventSource: odd }], 'direct'],
])('an event has an object for %s', async (_, event, name) => {
  expect((await findSource(event)).name).toBe(name);
});

test.each(broken)('%s: %s refuses the event by name', async (_, name, event) => {
  const source = await findSource(event);
  expect(source.name).toBe(name);
  await expect(source.handle(event, {} as never, { tally: {} } as never)).rejects.toMatchObject({
    status: 400,
    code: 'EVENT',
    message: expect.stringContaining(name),
  });
});

test('an event without a part that the service sends names a field of that part', async () => {
  const event = { Records: [{ eventSource: 'aws:sqs', body: '{}' }] };
  const { handle } = await findSource(event);
  await expect(handle(event, {} as never, { tally: {} } as never)).rejects.toThrow(
    '"MessageGroupId" is missing',
  );
});
