import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Manifest } from '../../lib/contract/manifest.ts';
import { hostOf } from '../../lib/local/host.ts';
import { startLambda } from '../../lib/local/lambda.ts';
import { pack } from '../../lib/pack/pack.ts';
import { type FakeAnswer, fakeServer } from '../runtime/sinks/fake-server.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'coldpress-sinks-'));
const project = join(scratch, 'project');
const out = join(scratch, 'out');

const config = `export default {
  name: 'breast-cancer',
  model: './model.onnx',
  score: './score.ts',
  events: { objects: { store: 's3' } },
  sinks: {
    results: { type: 'sqs', queueUrl: { env: 'RESULTS' } },
    failures: { type: 'webhook', url: { env: 'FAILURES' }, headers: { authorization: { ssm: '/hook' } } },
  },
};`;

beforeAll(async () => {
  cpSync(join(root, 'examples/breast-cancer'), project, { recursive: true });
  cpSync(join(root, 'node_modules/valibot'), join(project, 'node_modules/valibot'), { recursive: true });
  writeFileSync(join(project, 'coldpress.config.ts'), config);
  await pack({ cwd: project, env: process.env, arch: process.arch === 'arm64' ? 'arm64' : 'x64', out });
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('what the config calls for is in the function, a file each, and nothing of it in the first', () => {
  const chunks = readdirSync(join(out, 'function')).filter(name => name.startsWith('chunk-'));
  expect(chunks.sort()).toEqual([
    'chunk-http-others.mjs',
    'chunk-objects-parquet.mjs',
    'chunk-objects-s3.mjs',
    'chunk-objects-score-object.mjs',
    'chunk-secrets-ssm.mjs',
    'chunk-sinks-sqs.mjs',
    'chunk-sinks-webhook.mjs',
    'chunk-sources-events.mjs',
  ]);
  expect(readFileSync(join(out, 'function/index.mjs'), 'utf8')).not.toMatch(/smithy|amazonaws|hyparquet/);
  expect(statSync(join(out, 'function/index.mjs')).size).toBeLessThan(70_000);
  const manifest: Manifest = JSON.parse(readFileSync(join(out, 'function/coldpress.json'), 'utf8'));
  expect(manifest.sinks).toMatchObject({ results: { type: 'sqs' }, failures: { type: 'webhook' } });
  expect(manifest.files.map(({ path }) => path)).toEqual(expect.arrayContaining(chunks));
});

const environment = (host: string) => ({
  RESULTS: `http://${host}/1/results`,
  FAILURES: `http://${host}/hook`,
  AWS_ENDPOINT_URL: `http://${host}`,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
});

/** Enough of S3: https://docs.aws.amazon.com/AmazonS3/latest/API */
function answerS3(
  objects: Record<string, string>,
  { method, path }: { method: string; path: string },
): FakeAnswer {
  const { pathname, searchParams } = new URL(path, 'http://s3');
  const key = decodeURIComponent(pathname.replace('/uploads/', ''));
  if (searchParams.has('uploads')) {
    const xml = '<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>';
    return { headers: { 'content-type': 'application/xml' }, body: Buffer.from(xml) };
  }
  if (method === 'PUT') {
    return { headers: { etag: '"1"' } };
  }
  if (method === 'POST') {
    return {
      headers: { 'content-type': 'application/xml' },
      body: Buffer.from('<CompleteMultipartUploadResult/>'),
    };
  }
  return method === 'DELETE' ? { status: 204 } : { body: Buffer.from(objects[key] ?? '') };
}

test('an object that can never be read is a failure, as its rows are, in whichever file the error was made', async () => {
  const record = JSON.parse(readFileSync(join(root, 'examples/breast-cancer/record.json'), 'utf8'));
  const objects = {
    'in/open.csv': 'a,b\n"1,2\n3,4\n',
    'in/notes.txt': 'hello',
    'in/rows.jsonl': `${JSON.stringify(record)}\n${JSON.stringify({ ...record, 'mean area': 'x' })}\n`,
  };
  const { host, requests } = await fakeServer(request => {
    if (request.path === '/hook') {
      return { status: 204 };
    }
    return request.path.startsWith('/uploads/')
      ? answerS3(objects, request)
      : {
          headers: { 'content-type': 'application/x-amz-json-1.1' },
          body: { Parameter: { Value: 'x' }, Successful: [], Failed: [] },
        };
  });
  const lambda = await startLambda(out, { host: hostOf(process), env: environment(host) });
  try {
    const Records = [...Object.keys(objects), 'in/2026/'].map(key => ({
      messageId: key,
      eventSource: 'aws:sqs',
      attributes: {},
      messageAttributes: {},
      body: JSON.stringify({
        Records: [
          {
            eventSource: 'aws:s3',
            eventName: 'ObjectCreated:Put',
            s3: { bucket: { name: 'uploads' }, object: { key, size: 1 } },
          },
        ],
      }),
    }));
    const { payload, logs } = await lambda.invoke(Buffer.from(JSON.stringify({ Records })));
    expect(JSON.parse(payload.toString()), logs).toEqual({ batchItemFailures: [] });
    const hooks = requests.filter(({ path }) => path === '/hook');
    const failures = hooks.flatMap(({ body }) => JSON.parse(body.toString()));
    expect(failures.map(({ id, error }) => [id, error.code])).toEqual([
      ['in/open.csv', 'CSV'],
      ['in/notes.txt', 'FORMAT'],
    ]);
    const part = requests.find(({ method, path }) => method === 'PUT' && path.includes('rows.jsonl'))!;
    expect(part.body.toString()).toMatch(/\{"row":2,"error":\{"code":"RECORD"/);
  } finally {
    await lambda.close();
  }
});

test('a batch goes to the queue, its poison to the webhook with the secret, and nothing is returned', async () => {
  const { host, requests } = await fakeServer(({ path, headers }) => {
    const target = headers['x-amz-target'];
    if (path === '/hook') {
      return { status: 204 };
    }
    const body =
      target === 'AmazonSSM.GetParameter'
        ? { Parameter: { Name: '/hook', Value: 'Bearer 1' } }
        : { Successful: [], Failed: [] };
    return { headers: { 'content-type': 'application/x-amz-json-1.1' }, body };
  });
  const lambda = await startLambda(out, { host: hostOf(process), env: environment(host) });
  try {
    const { event } = JSON.parse(readFileSync(join(root, 'test/packed/events/sqs.json'), 'utf8'));
    const { payload, logs } = await lambda.invoke(Buffer.from(JSON.stringify(event)));
    expect(JSON.parse(payload.toString()), logs).toEqual({ batchItemFailures: [] });
    const hook = requests.find(({ path }) => path === '/hook')!;
    expect(hook.headers.authorization).toBe('Bearer 1');
    expect(JSON.parse(hook.body.toString())).toMatchObject([
      { error: { code: 'RECORD' }, record: event.Records[1].body },
    ]);
    const sent = requests.filter(({ headers }) => headers['x-amz-target'] === 'AmazonSQS.SendMessageBatch');
    expect(sent.flatMap(({ body }) => JSON.parse(body.toString()).Entries)).toHaveLength(2);
    expect(logs).not.toContain('Bearer');
  } finally {
    await lambda.close();
  }
});
