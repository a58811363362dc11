import { gzipSync } from 'node:zlib';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ColdpressFunction } from '../../../lib/runtime/function.ts';
import { defineScore, tensor } from '../../../lib/runtime/score/define.ts';
import { s3 } from '../../../lib/runtime/sources/s3.ts';
import { s3Batch } from '../../../lib/runtime/sources/s3-batch.ts';
import { sqs } from '../../../lib/runtime/sources/sqs.ts';
import { hasMoto, startMoto } from '../sinks/moto.ts';
import { keepingSink, lookupFunction, newInvocation } from './lookup-function.ts';

const bucket = 'uploads';

function notification(key: string, eventName = 'ObjectCreated:Put') {
  const object = { key: encodeURIComponent(key).replaceAll('%20', '+'), size: 1, eTag: '', sequencer: '' };
  return {
    Records: [{ eventSource: 'aws:s3', eventName, s3: { bucket: { name: bucket }, object } }],
  } as never;
}

describe.skipIf(!hasMoto)('objects of S3 (needs moto_server)', () => {
  let moto: { close: () => void };
  let fn: ColdpressFunction;
  beforeAll(async () => {
    moto = await startMoto();
    await new S3Client({}).send(new CreateBucketCommand({ Bucket: bucket }));
    fn = { ...(await lookupFunction({ events: { objects: { store: 's3' } } })), sinks: {} };
  });
  afterAll(() => moto.close());

  async function put(Key: string, Body: string | Uint8Array, Metadata = {}) {
    await new S3Client({}).send(new PutObjectCommand({ Bucket: bucket, Key, Body, Metadata }));
  }

  async function get(Key: string) {
    const { Body } = await new S3Client({}).send(new GetObjectCommand({ Bucket: bucket, Key }));
    return Body!.transformToString();
  }

  async function keys() {
    const { Contents = [] } = await new S3Client({}).send(new ListObjectsV2Command({ Bucket: bucket }));
    return Contents.map(({ Key }) => Key);
  }

  test.each([
    { key: 'lines a+b.jsonl', text: '{"index":1}\n\n{"index":99}\nno\n{"index":2}' },
    { key: 'array.json', text: ' [ {"index":1}, {"index" : 99},no , {"index":2}\n]\n' },
  ])('$key: a line for each record, those that failed too', async ({ key, text }) => {
    await put(key, text);
    const invocation = newInvocation();
    await s3.handle(notification(key), fn, invocation);
    const lines = (await get(`scored/${key}.jsonl`))
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(lines).toMatchObject([
      { row: 1, result: { value: expect.any(Number) } },
      { row: 2, error: { code: 'RUN' } },
      { row: 3, error: { code: 'JSON' } },
      { row: 4, result: { value: expect.any(Number) } },
    ]);
    expect(invocation.tally).toEqual({ records: 4, failures: 2 });
  });

  test.each([
    ['day.csv.gz', 'index\r\n1\r\n2\r\n'],
    ['day.jsonl.gz', '{"index":1}\n{"index":2}'],
  ])('%s is inflated as it is read', async (key, text) => {
    await put(key, gzipSync(text));
    const invocation = newInvocation();
    await s3.handle(notification(key), fn, invocation);
    expect(invocation.tally).toEqual({ records: 2, failures: 0 });
  });

  test('a gzipped object that is cut off, or is none', async () => {
    const whole = gzipSync('index\r\n1\r\n'.repeat(100));
    await put('cut.csv.gz', whole.subarray(0, -12));
    await expect(s3.handle(notification('cut.csv.gz'), fn, newInvocation())).rejects.toThrow(/GZIP \(400\)/);
    await put('plain.csv.gz', 'index\r\n1\r\n');
    const invocation = newInvocation();
    await s3.handle(notification('plain.csv.gz'), fn, invocation);
    expect(invocation.tally).toEqual({ records: 1, failures: 0 });
  });

  test('CSV becomes CSV', async () => {
    await put('in.csv', '\ufeffindex,note\r\n1,"a ""b"",\nc"\r\nx,\r\n2,d\r\n');
    await s3.handle(notification('in.csv'), fn, newInvocation());
    const lines = (await get('scored/in.csv.csv')).split('\r\n');
    expect(lines[0]).toBe('row,value,error');
    expect(lines[1]).toMatch(/^1,-?[\d.]+,$/);
    expect(lines[2]).toMatch(/^2,,"?feature ""index""/);
    expect(lines[3]).toMatch(/^3,-?[\d.]+,$/);
  });

  test('thirty thousand rows in parts, in bounded memory', async () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => `{"index":${i % 10},"pad":"${'x'.repeat(2000)}"}`);
    await put('large.jsonl', rows.join('\n'));
    const before = process.memoryUsage().rss;
    await s3.handle(notification('large.jsonl'), fn, newInvocation());
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 2 ** 20);
    expect((await get('scored/large.jsonl.jsonl')).trim().split('\n')).toHaveLength(30_000);
  });

  test('a job of S3 Batch Operations gets an answer for each object', async () => {
    await put('job a+b.jsonl', '{"index":1}\nno');
    await put('job.txt', 'x');
    await put('scored/own.jsonl', '{"index":1}');
    const task = (taskId: string, s3Key: string) => ({ taskId, s3Key, s3Bucket: bucket });
    const answer = await s3Batch.handle(
      {
        invocationSchemaVersion: '2.0',
        invocationId: 'i',
        job: { id: 'j' },
        tasks: [
          task('1', 'job+a%2Bb.jsonl'),
          task('2', 'job.txt'),
          task('3', 'missing.csv'),
          task('4', 'scored/own.jsonl'),
        ],
      },
      fn,
      newInvocation(),
    );
    expect(answer).toMatchObject({
      invocationSchemaVersion: '2.0',
      invocationId: 'i',
      results: [
        {
          taskId: '1',
          resultCode: 'Succeeded',
          resultString: '2 records, 1 failed: s3://uploads/scored/job a+b.jsonl.jsonl',
        },
        { taskId: '2', resultCode: 'PermanentFailure' },
        {
          taskId: '3',
          resultCode: 'PermanentFailure',
          resultString: expect.stringContaining('no longer exists'),
        },
        { taskId: '4', resultCode: 'Succeeded', resultString: expect.stringContaining('passed over') },
      ],
    });
  });

  test('our own results are never scored, by their prefix or by their mark', async () => {
    await put('elsewhere/a.jsonl', '{"index":1}', { coldpress: 'results' });
    const before = await keys();
    await s3.handle(notification('scored/lines.jsonl'), fn, newInvocation());
    await s3.handle(notification('elsewhere/a.jsonl'), fn, newInvocation());
    await s3.handle(notification('gone.jsonl', 'ObjectRemoved:Delete'), fn, newInvocation());
    expect(await keys()).toEqual(before);
    const { Metadata } = await new S3Client({}).send(
      new HeadObjectCommand({ Bucket: bucket, Key: 'scored/in.csv.csv' }),
    );
    expect(Metadata?.coldpress).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each([
    { name: 'an object that breaks off', key: 'broken.json', text: '[{"index":1},{"index"', message: /JSON/ },
    { name: 'CSV with a quote that is open', key: 'open.csv', text: 'index\n1\n"2\n3\n', message: /CSV/ },
    { name: 'CSV with a column twice', key: 'twice.csv', text: 'index,index\n1,2\n', message: /CSV/ },
    { name: 'what is not Parquet', key: 'a.parquet', text: 'PAR1', message: /PARQUET/ },
    { name: 'a format that nobody knows', key: 'a.xyz', text: '', message: /FORMAT/ },
    { name: 'no time', key: 'late.jsonl', text: '{"index":1}\n', message: /divide it/, remainingMs: () => 0 },
  ])('$name fails the invocation and leaves nothing', async ({ key, text, message, ...changes }) => {
    await put(key, text);
    await expect(s3.handle(notification(key), fn, newInvocation(changes))).rejects.toThrow(message);
    expect((await keys()).filter(name => name?.startsWith(`scored/${key}`))).toEqual([]);
    const { Uploads = [] } = await new S3Client({}).send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    expect(Uploads).toEqual([]);
  });

  test('through a queue, with a summary for the results', async () => {
    await put('queued.jsonl', '{"index":1}');
    const results = keepingSink();
    const message = { messageId: 'm1', eventSource: 'aws:sqs', attributes: {}, messageAttributes: {} };
    const event = { Records: [{ ...message, body: JSON.stringify(notification('queued.jsonl')) }] } as never;
    expect(await sqs.handle(event, { ...fn, sinks: { results } }, newInvocation())).toEqual({
      batchItemFailures: [],
    });
    expect(results.taken).toMatchObject([
      {
        id: 'm1',
        body: { result: { results: { bucket, key: 'scored/queued.jsonl.jsonl' }, records: 1, failures: 0 } },
      },
    ]);
  });

  test('an image reaches the score whole, as bytes', async () => {
    const score = defineScore<{ key: string; bytes: Uint8Array }, unknown>({
      encode: records => ({
        index: tensor(
          'INT64',
          [records.length],
          records.map(({ bytes }) => bytes[0]),
        ),
      }),
      decode: (_, records) => records.map(({ key, bytes }) => `${key}: ${bytes.length}`),
    });
    const images = await lookupFunction(
      { events: { objects: { store: 's3', prefix: 'seen/' } } },
      score as never,
    );
    await put('cat.jpg', Uint8Array.of(3, 1, 4));
    await s3.handle(notification('cat.jpg'), { ...images, sinks: {} }, newInvocation());
    expect(JSON.parse(await get('seen/cat.jpg.jsonl'))).toEqual({ row: 1, result: 'cat.jpg: 3' });
  });
});
