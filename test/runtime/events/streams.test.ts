import { createHash } from 'node:crypto';
import { beforeAll, expect, test, vi } from 'vitest';
import type { ColdpressFunction } from '../../../lib/runtime/function.ts';
import { kinesis } from '../../../lib/runtime/sources/kinesis.ts';
import { keepingSink, lookupFunction, newInvocation } from './lookup-function.ts';

let fn: ColdpressFunction;

beforeAll(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  fn = await lookupFunction();
});

function shard(...bodies: string[]) {
  const Records = bodies.map((body, i) => ({
    eventSource: 'aws:kinesis',
    kinesis: { sequenceNumber: `${100 + i}`, data: Buffer.from(body).toString('base64') },
  }));
  return { Records } as never;
}

const good = '{"index":1}';

test('the lowest sequence number that failed is the checkpoint, and no result behind it is sent', async () => {
  const results = keepingSink();
  const answer = await kinesis.handle(
    shard(good, good, 'no', good, 'no'),
    { ...fn, sinks: { results } },
    newInvocation(),
  );
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '102' }] });
  expect(results.taken.map(({ id }) => id)).toEqual(['100', '101']);
});

test('a failure sink that takes them lets the shard go on', async () => {
  const sinks = { results: keepingSink(), failures: keepingSink() };
  const answer = await kinesis.handle(shard('no', good, '{"index":99}'), { ...fn, sinks }, newInvocation());
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(sinks.failures.taken.map(({ id }) => id)).toEqual(['100', '102']);
  expect(sinks.results.taken.map(({ id }) => id)).toEqual(['101']);
});

test('a failure sink that refuses one stops the shard there', async () => {
  const sinks = { results: keepingSink(), failures: keepingSink(({ id }) => id === '101') };
  const answer = await kinesis.handle(shard(good, 'no', good), { ...fn, sinks }, newInvocation());
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '101' }] });
  expect(sinks.results.taken.map(({ id }) => id)).toEqual(['100']);
});

test('records carry an identifier of their own, where the config names its field', async () => {
  const named = await lookupFunction({ events: { id: 'customer' } });
  const results = keepingSink();
  await kinesis.handle(
    shard('{"index":1,"customer":"c1"}', good),
    { ...named, sinks: { results } },
    newInvocation(),
  );
  expect(results.taken).toMatchObject([
    {
      id: 'c1',
      body: { id: 'c1', model: { name: 'lookup', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } },
    },
    { id: '101' },
  ]);
});

test('what only begins like an aggregate, or like gzip, is a record like any other', async () => {
  const likeBoth = ['84mawk12', 'H4sIAAAA'].map((data, i) => ({
    eventSource: 'aws:kinesis',
    kinesis: { sequenceNumber: `${100 + i}`, data },
  }));
  const sinks = { failures: keepingSink() };
  await kinesis.handle({ Records: likeBoth } as never, { ...fn, sinks }, newInvocation());
  expect(sinks.failures.taken).toMatchObject([
    { id: '100', body: { error: { code: 'JSON' } } },
    { id: '101', body: { error: { code: 'JSON' } } },
  ]);
});

test('the records of an aggregate have identifiers of their own, and fail with the aggregate', async () => {
  const aggregate = toAggregate([good, good, 'no']);
  const Records = [aggregate, Buffer.from(good)].map((data, i) => ({
    eventSource: 'aws:kinesis',
    kinesis: { sequenceNumber: `${100 + i}`, data: data.toString('base64') },
  }));
  const results = keepingSink();
  const answer = await kinesis.handle({ Records } as never, { ...fn, sinks: { results } }, newInvocation());
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '100' }] });
  expect(results.taken.map(({ id }) => id)).toEqual(['100:0', '100:1']);
});

/** As the Kinesis Producer Library packs short records. */
function toAggregate(texts: string[]): Buffer {
  const field = (number: number, bytes: Buffer) =>
    Buffer.concat([Buffer.from([8 * number + 2, bytes.length]), bytes]);
  const records = texts.map(text =>
    field(3, Buffer.concat([Buffer.from([8, 0]), field(3, Buffer.from(text))])),
  );
  const message = Buffer.concat([field(1, Buffer.from('key')), ...records]);
  const digest = createHash('md5').update(message).digest();
  return Buffer.concat([Buffer.from([0xf3, 0x89, 0x9a, 0xc2]), message, digest]);
}
