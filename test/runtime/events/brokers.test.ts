import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test, vi } from 'vitest';
import type { ColdpressFunction } from '../../../lib/runtime/function.ts';
import { findSource } from '../../../lib/runtime/sources/find-source.ts';
import { keepingSink, lookupFunction, newInvocation } from './lookup-function.ts';

let fn: ColdpressFunction;

beforeAll(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  fn = await lookupFunction();
});

const base64 = (text: string) => Buffer.from(text).toString('base64');
const good = base64('{"index":1}');

function kafka(partitions: Record<string, string[]>) {
  const records = Object.entries(partitions).map(([name, values]) => {
    const [topic, partition] = name.split('-');
    return [
      name,
      values.map((value, offset) => ({ topic, partition: Number(partition), offset: 7 + offset, value })),
    ];
  });
  return { eventSource: 'aws:kafka', bootstrapServers: '', records: Object.fromEntries(records) };
}

function rabbit(messages: { messageId?: string; data: string }[]) {
  return {
    eventSource: 'aws:rmq',
    rmqMessagesByQueue: {
      'in::/': messages.map(({ messageId = null, data }) => ({ basicProperties: { messageId }, data })),
    },
  };
}

async function deliver(event: unknown, changes: Partial<ColdpressFunction> = {}) {
  const results = keepingSink();
  const source = await findSource(event);
  const answer = await source
    .handle(event, { ...fn, sinks: { results }, ...changes }, newInvocation())
    .catch((error: Error) => error);
  return { answer, ids: results.taken.map(({ id }) => id) };
}

test('Kafka: a record goes by topic, partition and offset', async () => {
  const { answer, ids } = await deliver(kafka({ 'in-0': [good, good], 'in-3': [good] }));
  expect({ answer, ids }).toEqual({ answer: undefined, ids: ['in-0-7', 'in-0-8', 'in-3-7'] });
});

test('Kafka: a failed record fails the batch, and nothing behind it in its partition is delivered', async () => {
  const { answer, ids } = await deliver(kafka({ 'in-0': [good, base64('no'), good], 'in-1': [good] }));
  expect(answer).toMatchObject({ message: expect.stringMatching(/^2 of 4 records failed: in-0-8: JSON/) });
  expect(ids).toEqual(['in-0-7', 'in-1-7']);
});

test('Kafka: where the config says that the mapping takes it, the failed are named', async () => {
  const partial = await lookupFunction({ events: { kafka: { reportBatchItemFailures: true } } });
  const event = kafka({ 'in-0': [good, base64('no'), good], 'in-1': [good] });
  expect((await deliver(event, partial)).answer).toEqual({
    batchItemFailures: [
      { itemIdentifier: { partition: 'in-0', offset: 8 } },
      { itemIdentifier: { partition: 'in-0', offset: 9 } },
    ],
  });
  expect((await deliver(kafka({ 'in-0': [good] }), partial)).answer).toEqual({ batchItemFailures: [] });
});

test('RabbitMQ: a message without an identifier has the same at each delivery', async () => {
  const event = rabbit([{ messageId: 'm-1', data: good }, { data: good }, { data: base64('{"index":2}') }]);
  const { ids } = await deliver(event);
  expect(ids).toEqual([
    'm-1',
    expect.stringMatching(/^[0-9a-f]{64}$/),
    expect.stringMatching(/^[0-9a-f]{64}$/),
  ]);
  expect(new Set(ids).size).toBe(3);
  expect((await deliver(event)).ids).toEqual(ids);
});

test('Firehose: a result is a line of JSON, and what is late fails the batch', async () => {
  const event = { invocationId: 'i', deliveryStreamArn: 'd', records: [{ recordId: 'r', data: good }] };
  const { answer } = await deliver(event);
  const { records } = answer as { records: { data: string }[] };
  const line = Buffer.from(records[0]!.data, 'base64').toString();
  expect(line.endsWith('\n')).toBe(true);
  expect(JSON.parse(line)).toMatchObject({
    id: 'r',
    source: 'firehose',
    result: { value: expect.any(Number) },
  });
  const source = await findSource(event);
  const late = newInvocation({ remainingMs: () => 0 });
  await expect(source.handle(event, fn, late)).rejects.toMatchObject({ code: 'DEADLINE' });
});

test('a function that reads its own log group passes it over', async () => {
  const logs = {
    messageType: 'DATA_MESSAGE',
    logGroup: '/own',
    logEvents: [{ id: '1', message: '{"index":1}' }],
  };
  const event = { awslogs: { data: gzipSync(JSON.stringify(logs)).toString('base64') } };
  expect((await deliver(event)).ids).toEqual(['1']);
  vi.stubEnv('AWS_LAMBDA_LOG_GROUP_NAME', '/own');
  expect((await deliver(event)).ids).toEqual([]);
  vi.unstubAllEnvs();
});
