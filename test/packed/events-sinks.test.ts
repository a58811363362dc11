import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Manifest } from '../../lib/contract/manifest.ts';
import { hostOf } from '../../lib/local/host.ts';
import { startLambda } from '../../lib/local/lambda.ts';
import { pack } from '../../lib/pack/pack.ts';
import { fakeServer } from '../runtime/sinks/fake-server.ts';

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
    'chunk-objects-parquet.mjs',
    'chunk-objects-s3.mjs',
    'chunk-objects-score-object.mjs',
    'chunk-secrets-ssm.mjs',
    'chunk-sinks-sqs.mjs',
    'chunk-sinks-webhook.mjs',
    'chunk-sources-others.mjs',
  ]);
  expect(readFileSync(join(out, 'function/index.mjs'), 'utf8')).not.toMatch(/smithy|amazonaws|hyparquet/);
  expect(statSync(join(out, 'function/index.mjs')).size).toBeLessThan(80_000);
  const manifest: Manifest = JSON.parse(readFileSync(join(out, 'function/coldpress.json'), 'utf8'));
  expect(manifest.sinks).toMatchObject({ results: { type: 'sqs' }, failures: { type: 'webhook' } });
  expect(manifest.files.map(({ path }) => path)).toEqual(expect.arrayContaining(chunks));
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
  const lambda = await startLambda(out, {
    host: hostOf(process),
    env: {
      ...{
        RESULTS: `http://${host}/1/results`,
        FAILURES: `http://${host}/hook`,
        AWS_ENDPOINT_URL: `http://${host}`,
      },
      ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    },
  });
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
