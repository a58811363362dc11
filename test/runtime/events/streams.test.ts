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
