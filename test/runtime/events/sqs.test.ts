import { once } from 'node:events';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ColdpressFunction } from '../../../lib/runtime/function.ts';
import type { Sink } from '../../../lib/runtime/sinks/sink.ts';
import { sqs } from '../../../lib/runtime/sources/sqs.ts';
import { keepingSink, lookupFunction, newInvocation } from './lookup-function.ts';

let fn: ColdpressFunction;

beforeAll(async () => {
  fn = await lookupFunction();
});

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

afterEach(() => {
  vi.restoreAllMocks();
});

function message(
  messageId: string,
  body: string,
  attributes: Partial<SQSRecord['attributes']> = {},
): SQSRecord {
  return {
    messageId,
    body,
    receiptHandle: '',
    md5OfBody: '',
    awsRegion: 'us-east-1',
    messageAttributes: {},
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:orders',
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: '',
      ApproximateFirstReceiveTimestamp: '0',
      ...attributes,
    },
  };
}

/** Messages m0, m1, …; those of `bodies` take the place of good ones. */
function batch(count: number, bodies: Record<number, string> = {}): SQSEvent {
  return {
    Records: Array.from({ length: count }, (_, i) => message(`m${i}`, bodies[i] ?? `{"index":${i % 10}}`)),
  };
}

function failures(...ids: string[]) {
  return { batchItemFailures: ids.map(itemIdentifier => ({ itemIdentifier })) };
}

const positions = Array.from({ length: 10 }, (_, position) => position);

describe.each([
  { kind: 'bad JSON', body: '{"index":', code: 'JSON' },
  { kind: 'a record that fails its schema', body: '{"index":"three"}', code: 'RECORD' },
  { kind: 'a wrong shape', body: '{"index":[1,2]}', code: 'RECORD' },
  { kind: 'a record that makes the run throw', body: '{"index":99}', code: 'RUN' },
])('one of ten is $kind', ({ body, code }) => {
  test.each(positions)('at %i: exactly its id is returned', async position => {
    const results = keepingSink();
    const event = batch(10, { [position]: body });
    const answer = await sqs.handle(event, { ...fn, sinks: { results } }, newInvocation());
    expect(answer).toEqual(failures(`m${position}`));
    expect(results.taken.map(entry => entry.id)).toEqual(
      positions.filter(i => i !== position).map(i => `m${i}`),
    );
  });

  test.each(positions)('at %i, with a failure sink: exactly it is in the sink', async position => {
    const sinks = { results: keepingSink(), failures: keepingSink() };
    const invocation = newInvocation();
    const event = batch(10, { [position]: body });
    expect(await sqs.handle(event, { ...fn, sinks }, invocation)).toEqual(failures());
    expect(sinks.failures.taken).toMatchObject([
      { id: `m${position}`, body: { id: `m${position}`, source: 'sqs', error: { code }, record: body } },
    ]);
    expect(sinks.results.taken).toHaveLength(9);
    expect(invocation.tally).toEqual({ records: 10, failures: 1 });
  });
});

test('separates two kinds of poison side by side from a good record between', async () => {
  const sinks = { failures: keepingSink() };
  const answer = await sqs.handle(
    batch(4, { 0: 'x', 1: '{"index":99}', 3: '{"index":98}' }),
    { ...fn, sinks },
    newInvocation(),
  );
  expect(answer).toEqual(failures());
  expect(sinks.failures.taken.map(({ id }) => id)).toEqual(['m0', 'm1', 'm3']);
});

test('what a sink refuses is returned, be it a result or a failure', async () => {
  const sinks = { results: keepingSink(({ id }) => id === 'm1'), failures: keepingSink(() => true) };
  const answer = await sqs.handle(batch(3, { 2: 'x' }), { ...fn, sinks }, newInvocation());
  expect(answer).toEqual(failures('m1', 'm2'));
});

test('a sink that throws refuses all', async () => {
  const results = { send: () => Promise.reject(new Error('no such queue')) };
  expect(await sqs.handle(batch(2), { ...fn, sinks: { results } }, newInvocation())).toEqual(
    failures('m0', 'm1'),
  );
});

test('ten thousand records, in runs of a bounded size', { timeout: 20_000 }, async () => {
  const results = keepingSink();
  const before = process.memoryUsage().rss;
  expect(
    await sqs.handle(batch(10_000, { 5000: '{"index":99}' }), { ...fn, sinks: { results } }, newInvocation()),
  ).toEqual(failures('m5000'));
  expect(results.taken).toHaveLength(9999);
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
});

describe('FIFO', () => {
  const fifo = (id: string, group: string, index: number) =>
    message(id, `{"index":${index}}`, { MessageGroupId: group, SequenceNumber: '1' });

  test('returns the failed and all after it in its group, and no result of those is sent', async () => {
    const results = keepingSink();
    const event = {
      Records: [
        fifo('a1', 'a', 1),
        fifo('b1', 'b', 99),
        fifo('a2', 'a', 2),
        fifo('b2', 'b', 3),
        fifo('a3', 'a', 4),
      ],
    };
    expect(await sqs.handle(event, { ...fn, sinks: { results } }, newInvocation())).toEqual(
      failures('b1', 'b2'),
    );
    expect(results.taken.map(({ id }) => id)).toEqual(['a1', 'a2', 'a3']);
  });

  test('a failure sink that takes the failed one lets the group go on', async () => {
    const sinks = { results: keepingSink(), failures: keepingSink() };
    const event = { Records: [fifo('b1', 'b', 99), fifo('b2', 'b', 3)] };
    expect(await sqs.handle(event, { ...fn, sinks }, newInvocation())).toEqual(failures());
    expect(sinks.results.taken.map(({ id }) => id)).toEqual(['b2']);
  });

  test('a fair queue has groups, too, and is not in order', async () => {
    const event = {
      Records: [1, 99, 2].map((index, i) => message(`m${i}`, `{"index":${index}}`, { MessageGroupId: 'a' })),
    };
    expect(await sqs.handle(event, { ...fn, sinks: {} }, newInvocation())).toEqual(failures('m1'));
  });
});

test('near the deadline, what was scored is done and the rest is returned, in time', async () => {
  const slow = await lookupFunction({ events: { maxBatch: 10 } });
  let remaining = 1000;
  const infer = slow.model.infer;
  // Each run takes 150 ms of an invocation of one second, a fifth of which is kept.
  slow.model.infer = request => {
    const end = performance.now() + 150;
    while (performance.now() < end) {}
    remaining -= 150;
    return infer(request);
  };
  const results = keepingSink();
  const answer = await sqs.handle(
    batch(100),
    { ...slow, sinks: { results } },
    newInvocation({ remainingMs: () => remaining }),
  );
  const returned = (answer as { batchItemFailures: unknown[] }).batchItemFailures.length;
  expect(results.taken.length).toBeGreaterThanOrEqual(40);
  expect(returned).toBe(100 - results.taken.length);
  expect(remaining).toBeGreaterThan(0);
});

test('what a sink has not taken at the deadline is returned', async () => {
  const results: Sink = {
    async send(entries, deadline) {
      await once(deadline, 'abort');
      return entries.map((_, index) => (index === 0 ? undefined : new Error('late')));
    },
  };
  const invocation = newInvocation({ remainingMs: () => 100 });
  expect(await sqs.handle(batch(2), { ...fn, sinks: { results } }, invocation)).toEqual(failures('m1'));
});

test('a record without an identifier fails the invocation, as an empty one would return the whole batch', async () => {
  const event = { Records: [message('', 'x')] };
  await expect(sqs.handle(event, { ...fn, sinks: {} }, newInvocation())).rejects.toThrow('no identifier');
});

test('what records hold is not logged', async () => {
  await sqs.handle(
    batch(2, { 0: '{"index":"Jane Doe"}', 1: 'Jane Doe' }),
    { ...fn, sinks: {} },
    newInvocation(),
  );
  expect(JSON.stringify(vi.mocked(console.error).mock.calls)).not.toContain('Jane');
});
