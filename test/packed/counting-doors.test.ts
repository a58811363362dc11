import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { sumLog } from '../../bench/counting/fleet.ts';
import { openArtifact } from '../../lib/artifact.ts';
import { firstSlot } from '../../lib/contract/drift-counts.ts';
import { countedColumns, PROFILE_FILE, type Profile } from '../../lib/contract/profile.ts';
import { freePort } from '../../lib/local/free-port.ts';
import { hostOf } from '../../lib/local/host.ts';
import { startInstance } from '../../lib/local/instance.ts';
import { startLambda } from '../../lib/local/lambda.ts';
import { resolveLambdaOptions } from '../../lib/local/lambda-options.ts';
import { chooseNode } from '../../lib/local/node.ts';
import { resolveRuntimeClient, runtimeClientPlaces } from '../../lib/local/runtime-client/resolve-client.ts';
import { createSandbox } from '../../lib/local/sandbox.ts';
import { serveArtifact } from '../../lib/local/serve.ts';
import { startServerProcess } from '../../lib/local/server-process.ts';
import { pack } from '../../lib/pack/pack.ts';
import { folder, run } from '../cli/coldpress.ts';
import { example, makeScratch } from './pack-example.ts';
import { sqsRecords } from './sqs-records.ts';

/** The same three rows count the same through every door, on either engine. */

const record = JSON.parse(readFileSync(join(example, 'record.json'), 'utf8'));
const request = JSON.parse(readFileSync(join(example, 'request.json'), 'utf8'));
const [input] = request.inputs;
const tensors = { inputs: [{ ...input, shape: [3, 30], data: [1, 2, 3].flatMap(() => input.data.flat()) }] };
const records = [record, record, record];
const json = { 'content-type': 'application/json' };
const infer = '/v2/models/breast-cancer/infer';
const arch = process.arch === 'arm64' ? 'arm64' : 'x64';

const scratch = makeScratch();
const packed: Record<string, string> = {};
let slots: number[];

const variants = {
  'aws-lambda': { engine: 'onnxruntime' },
  compiled: { engine: 'compiled' },
  streaming: { engine: 'compiled', http: { streaming: true } },
  gcf: { target: 'gcf', engine: 'onnxruntime' },
  container: { target: 'container', engine: 'onnxruntime' },
  'container-compiled': { target: 'container', engine: 'compiled' },
} as const;

beforeAll(async () => {
  const cwd = folder('doors');
  for (const [name, settings] of Object.entries(variants)) {
    const config = {
      name: 'breast-cancer',
      model: join(example, 'model.onnx'),
      score: join(example, 'score.ts'),
      samples: join(example, 'samples.csv'),
      ...settings,
      ...(name === 'gcf' ? {} : { arch }),
    };
    writeFileSync(join(cwd, `${name}.mjs`), `export default ${JSON.stringify(config)};`);
    packed[name] = join(scratch, name);
    await pack({ cwd, env: process.env, config: `${name}.mjs`, out: packed[name] });
  }
  const profile: Profile = JSON.parse(readFileSync(join(packed.compiled!, 'function', PROFILE_FILE), 'utf8'));
  slots = countedColumns(profile).map(({ counts }) => firstSlot + counts.length);
}, 180_000);

type Variant = keyof typeof variants;
type Log = { text: string };
/** Sends the rows to the artifact, whose log is collected. */
type Door = (dir: string, log: Log) => Promise<void>;

/** Waits for the lines, which come after the answer, so that closing does not cut them off. */
async function counted(log: Log, close: () => Promise<unknown>): Promise<void> {
  try {
    await expect.poll(() => sumLog(log.text, slots).rows, { timeout: 20_000 }).toBe(3);
  } finally {
    await close();
  }
}

const http =
  (path: string, body: unknown, headers: Record<string, string> = json): Door =>
  async (dir, log) => {
    const served = await serveArtifact(dir, {
      host: hostOf(process),
      port: 0,
      onLog: text => {
        log.text += text;
      },
    });
    const response = await post(served.url + path, body, headers);
    expect([response.status, await response.text()]).toEqual([200, expect.anything()]);
    await counted(log, served.close);
  };

function post(url: string, body: unknown, headers: Record<string, string>): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(url, { method: 'POST', headers, body: text });
}

const event =
  (payload: unknown): Door =>
  async (dir, log) => {
    const lambda = await startLambda(dir, {
      host: hostOf(process),
      onLog: text => {
        log.text += text;
      },
    });
    await lambda.invoke(Buffer.from(JSON.stringify(payload)));
    await counted(log, lambda.close);
  };

const cloudEvent: Door = async (dir, log) => {
  const served = await serveArtifact(dir, {
    host: hostOf(process),
    port: 0,
    signature: 'cloudevent',
    onLog: text => {
      log.text += text;
    },
  });
  const attributes = { specversion: '1.0', id: '1', source: '//sensors', type: 'com.example.measured' };
  for (const data of records) {
    const body = { ...attributes, datacontenttype: 'application/json', data };
    const { status } = await post(served.url, body, { 'content-type': 'application/cloudevents+json' });
    expect(status).toBe(204);
  }
  await counted(log, served.close);
};

/** A container's server as a process of its own, as the platform starts it. */
const server =
  (
    { port = 'PORT', args = [], env = {} }: { port?: string; args?: string[]; env?: Record<string, string> },
    path: string,
    body: unknown,
    headers = json,
  ): Door =>
  async (dir, log) => {
    const number = String(await freePort(0));
    const { url, stop } = await startServerProcess({
      command: [process.execPath, 'index.mjs', ...args],
      cwd: join(dir, 'function'),
      env: { COLDPRESS_HOST: '127.0.0.1', ...env, [port]: number, PORT: number },
      onLog: text => {
        log.text += text;
      },
      startLimitMs: 30_000,
    });
    const response = await post(url + path, body, headers);
    expect([response.status, await response.text()]).toEqual([200, expect.anything()]);
    await counted(log, stop);
  };

const batch: Door = async (dir, log) => {
  const cwd = folder('doors-batch');
  writeFileSync(join(cwd, 'in.jsonl'), records.map(row => `${JSON.stringify(row)}\n`).join(''));
  const { code, stderr } = await run(['batch', dir, 'in.jsonl', 'out'], { cwd });
  expect([code, stderr]).toEqual([0, expect.anything()]);
  log.text = readFileSync(join(cwd, 'out/in.jsonl.drift.jsonl'), 'utf8');
};

const sqs = sqsRecords(records);
const kinesis = records.map((row, index) => ({
  eventSource: 'aws:kinesis',
  eventName: 'aws:kinesis:record',
  eventVersion: '1.0',
  eventID: `s:${index}`,
  eventSourceARN: 'arn:aws:kinesis:eu-west-1:123456789012:stream/s',
  awsRegion: 'eu-west-1',
  invokeIdentityArn: 'arn:aws:iam::123456789012:role/r',
  kinesis: {
    kinesisSchemaVersion: '1.0',
    partitionKey: 'k',
    sequenceNumber: String(index),
    data: Buffer.from(JSON.stringify(row)).toString('base64'),
    approximateArrivalTimestamp: 1.7e9,
  },
}));
const lines = records.map(row => JSON.stringify(row)).join('\n');
const jsonLines = { 'content-type': 'application/jsonl' };

const doors: [name: string, variant: Variant, door: Door][] = [
  ['Lambda, tensors over HTTP', 'aws-lambda', http(infer, tensors)],
  ['Lambda, compiled, tensors over HTTP', 'compiled', http(infer, tensors)],
  ['Lambda, records over HTTP', 'compiled', http('/', records)],
  ['Lambda, direct invocation with tensors', 'compiled', event(tensors)],
  ['Lambda, direct invocation with records', 'aws-lambda', event(records)],
  ['SQS', 'compiled', event({ Records: sqs })],
  ['Kinesis', 'compiled', event({ Records: kinesis })],
  ['streamed answer, JSON Lines', 'streaming', http('/', lines, jsonLines)],
  ['Google, HTTP', 'gcf', http('/', records)],
  ['Google, streamed answer', 'gcf', http('/', lines, jsonLines)],
  ['Google, CloudEvent', 'gcf', cloudEvent],
  ['Docker', 'container', server({}, '/', records)],
  ['Docker, compiled, JSON Lines', 'container-compiled', server({}, '/', lines, jsonLines)],
  [
    'Cloud Run',
    'container',
    server({ env: { K_SERVICE: 'churn', K_REVISION: 'churn-1', K_CONFIGURATION: 'churn' } }, infer, tensors),
  ],
  [
    'SageMaker',
    'container-compiled',
    server({ port: 'SAGEMAKER_BIND_TO_PORT', args: ['serve'] }, '/invocations', records),
  ],
  [
    'SageMaker, CSV',
    'container',
    server(
      { port: 'SAGEMAKER_BIND_TO_PORT', args: ['serve'] },
      '/invocations',
      `${input.data.flat().join(',')}\n`.repeat(3),
      { 'content-type': 'text/csv' },
    ),
  ],
  [
    'Vertex AI',
    'container-compiled',
    server(
      {
        port: 'AIP_HTTP_PORT',
        env: { AIP_MODE: 'PREDICTION', AIP_HEALTH_ROUTE: '/health', AIP_PREDICT_ROUTE: '/predict' },
      },
      '/predict',
      { instances: records },
    ),
  ],
  ['Azure ML', 'container', server({ env: { AZUREML_MODEL_DIR: '/models' } }, '/', records)],
  [
    'KServe, V1',
    'container-compiled',
    server({ env: { KUBERNETES_SERVICE_HOST: '10.0.0.1' } }, '/v1/models/breast-cancer:predict', {
      instances: records,
    }),
  ],
  ['KServe, V2', 'container', server({ env: { KUBERNETES_SERVICE_HOST: '10.0.0.1' } }, infer, tensors)],
  ['batch', 'compiled', batch],
];

let first: number[][] | undefined;

test.each(doors)(
  '%s',
  async (_, variant, door) => {
    const log = { text: '' };
    await door(packed[variant]!, log);
    const { rows, sums } = sumLog(log.text, slots);
    expect(rows).toBe(3);
    // Each row is in one slot of each column.
    expect(sums.map(column => column.reduce((sum, count) => sum + count, 0))).toEqual(slots.map(() => 3));
    first ??= sums;
    expect(sums).toEqual(first);
  },
  60_000,
);

/** Here the profile is a named pipe: a function that reads it waits until the test writes it, which is after the answer. */
describe('counting follows the first answer', () => {
  function makePipe(dir: string): () => Promise<void> {
    const path = join(dir, PROFILE_FILE);
    const profile = readFileSync(path);
    rmSync(path);
    execFileSync('mkfifo', [path]);
    return () => writeFile(path, profile);
  }

  const url = (path: string, body: unknown, headers: Record<string, string> = json) => ({
    version: '2.0',
    rawPath: path,
    rawQueryString: '',
    isBase64Encoded: false,
    headers,
    requestContext: { domainName: 'id.lambda-url.eu-west-1.on.aws', http: { method: 'POST', path } },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

  test.each<[name: string, variant: Variant, event: unknown]>([
    ['HTTP', 'compiled', url('/', records)],
    ['HTTP, tensors, ONNX Runtime', 'aws-lambda', url(infer, tensors)],
    ['a direct invocation', 'compiled', records],
    ['SQS', 'compiled', { Records: sqs }],
    ['a streamed answer', 'streaming', url('/', records)],
    ['a streamed answer, JSON Lines', 'streaming', url('/', lines, jsonLines)],
    ['a direct invocation of a streaming function', 'streaming', records],
  ])(
    'Lambda: %s; an instance that is killed as soon as it is idle has counted',
    async (_, variant, event) => {
      const host = hostOf(process);
      const artifact = openArtifact(packed[variant]!);
      const { manifest } = artifact;
      const sandbox = await createSandbox(artifact, { kind: 'artifact' });
      const openGate = makePipe(sandbox.task);
      const client = resolveRuntimeClient(runtimeClientPlaces(host));
      const log = { text: '' };
      const instance = await startInstance({
        ...resolveLambdaOptions({ host }, manifest),
        manifest,
        sandbox,
        logStream: 'test',
        entry: await client.install(sandbox.runtime),
        node: await chooseNode(manifest.versions.node, host),
        onLog: text => {
          log.text += text;
        },
      });
      onTestFinished(async () => {
        await instance.kill();
        await sandbox.remove();
      });
      await instance.api.started;
      const { answered, idle } = instance.api.deliver({
        requestId: 'r',
        functionArn: 'arn',
        traceId: '',
        deadlineMs: Date.now() + 60_000,
        payload: Buffer.from(JSON.stringify(event)),
      });
      expect(await answered).toMatchObject({ kind: 'response' });
      await openGate();
      await idle;
      await instance.kill();
      await counted(log, async () => {});
    },
  );

  test('a container', async () => {
    const cwd = join(folder('doors-pipe'), 'function');
    cpSync(join(packed['container-compiled']!, 'function'), cwd, { recursive: true });
    const openGate = makePipe(cwd);
    const log = { text: '' };
    const port = String(await freePort(0));
    const { url, stop } = await startServerProcess({
      command: [process.execPath, 'index.mjs'],
      cwd,
      env: { COLDPRESS_HOST: '127.0.0.1', PORT: port },
      startLimitMs: 30_000,
      onLog: text => {
        log.text += text;
      },
    });
    const response = await post(url, records, json);
    expect([response.status, await response.json()]).toEqual([200, expect.anything()]);
    await openGate();
    await counted(log, stop);
  });
});
