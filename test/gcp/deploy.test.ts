import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fromBuffer } from 'yauzl';
import { deployFunction } from '../../lib/gcp/deploy.ts';
import { gcloudCommands } from '../../lib/gcp/emit-gcloud.ts';
import type { FollowOptions } from '../../lib/gcp/follow.ts';
import { type DeployOptions, resolveDeploy } from '../../lib/gcp/options.ts';
import { promote, rollback } from '../../lib/gcp/promote.ts';
import { plannedRequests } from '../../lib/gcp/requests.ts';
import { hostOf } from '../../lib/local/host.ts';
import { serveArtifact } from '../../lib/local/serve.ts';
import { example, makeScratch, packExample } from '../packed/pack-example.ts';
import { type LocalGoogle, startGoogle } from './google.ts';

/** Deploying through Google's own clients, against a local server that speaks the two APIs. */

const scratch = makeScratch();
const follow: FollowOptions = { onProgress: () => {}, timeoutMs: 20_000 };
const service = 'projects/p/locations/europe-west1/services/breast-cancer';
const name = 'projects/p/locations/europe-west1/functions/breast-cancer';

let dir: string;
let google: LocalGoogle;

beforeAll(async () => {
  dir = await packExample(scratch, 'gcf');
}, 60_000);

beforeEach(async () => {
  google = await startGoogle();
});

afterEach(() => google.close());

function planOf(options: DeployOptions = {}) {
  return resolveDeploy(dir, {
    project: 'p',
    region: 'europe-west1',
    endpointUrl: google.url,
    ...options,
  });
}

function deploy(options: DeployOptions = {}, followed = follow) {
  return deployFunction(planOf(options), followed);
}

const place = () => planOf();
const traffic = () => google.services.get(service).service.traffic;
const lines = () => google.requests.map(({ line }) => line).filter(line => !line.includes('operations'));

test('a function is created, private, and its uploaded zip answers when it is unpacked and served', async () => {
  const steps: string[] = [];
  const deployed = await deploy({}, { ...follow, onProgress: step => void steps.push(step) });
  expect(deployed).toMatchObject({ name, created: true, url: expect.stringMatching(/^https:/) });
  expect(steps).toEqual(
    expect.arrayContaining(['uploading the source', 'creating the function', 'SERVICE under way']),
  );
  expect(google.functions.get(name)).toMatchObject({
    buildConfig: {
      runtime: 'nodejs24',
      entryPoint: 'http',
      environmentVariables: { GOOGLE_NODE_RUN_SCRIPTS: '' },
    },
    serviceConfig: { availableMemory: '512Mi', availableCpu: '1', maxInstanceRequestConcurrency: 80 },
  });
  expect(google.policies.size).toBe(0);

  const unpacked = join(scratch, 'unpacked');
  await unzip([...google.uploads.values()][0]!, join(unpacked, 'function'));
  const served = await serveArtifact(unpacked, { host: hostOf(process), port: 0 });
  try {
    const body = readFileSync(join(example, 'record.json'), 'utf8');
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(served.url, { method: 'POST', headers, body });
    expect(await response.json()).toMatchObject({ label: 'malignant' });
  } finally {
    await served.close();
  }
}, 60_000);

function unzip(zip: Buffer, to: string): Promise<void> {
  return new Promise((resolve, reject) => {
    fromBuffer(zip, { lazyEntries: true }, (error, archive) => {
      if (error) {
        reject(error);
        return;
      }
      archive.on('end', resolve).on('error', reject);
      archive.on('entry', entry => {
        archive.openReadStream(entry, async (failure, stream) => {
          if (failure) {
            reject(failure);
            return;
          }
          const path = join(to, entry.fileName);
          mkdirSync(dirname(path), { recursive: true });
          writeFileSync(path, await buffer(stream));
          archive.readEntry();
        });
      });
      archive.readEntry();
    });
  });
}

test('again is an update, which keeps what others have set', async () => {
  await deploy();
  const { serviceConfig } = google.functions.get(name);
  serviceConfig.environmentVariables.THEIRS = '1';
  serviceConfig.maxInstanceCount = 7;
  expect(await deploy({ memory: 1024 })).toMatchObject({ created: false });
  expect(google.functions.get(name).serviceConfig).toMatchObject({
    availableMemory: '1024Mi',
    maxInstanceCount: 7,
    environmentVariables: { THEIRS: '1', NODE_OPTIONS: expect.stringContaining('--max-old-space-size=') },
  });
});

test('triggers', async () => {
  await deploy({ name: 'queue', trigger: 'pubsub:measurements' });
  await deploy({ name: 'bucket', trigger: 'gcs:uploads' });
  const of = (id: string) => google.functions.get(`projects/p/locations/europe-west1/functions/${id}`);
  expect(of('queue')).toMatchObject({
    buildConfig: { entryPoint: 'event' },
    eventTrigger: { pubsubTopic: 'projects/p/topics/measurements' },
  });
  expect(of('bucket').eventTrigger.eventFilters).toEqual([{ attribute: 'bucket', value: 'uploads' }]);
});

test('--allow-unauthenticated adds everyone to the policy, once', async () => {
  google.policies.set(service, {
    etag: 'eA==',
    bindings: [{ role: 'roles/run.invoker', members: ['user:a@b.c'] }],
  });
  await deploy({ allowUnauthenticated: true });
  await deploy({ allowUnauthenticated: true });
  expect(google.policies.get(service).bindings).toEqual([
    { role: 'roles/run.invoker', members: ['user:a@b.c', 'allUsers'] },
  ]);
  expect(lines().filter(line => line.endsWith(':setIamPolicy'))).toHaveLength(1);
});

test('--no-traffic --tag, promote, rollback', async () => {
  await deploy();
  const deployed = await deploy({ traffic: false, tag: 'next' });
  expect(deployed.tagUrl).toMatch(/^https:\/\/next---/);
  expect(traffic()).toMatchObject([
    { revision: 'breast-cancer-00001-abc', percent: 100 },
    { revision: 'breast-cancer-00002-abc', tag: 'next' },
  ]);
  expect(await promote(place(), { ...follow, tag: 'next' })).toMatchObject({
    from: 'breast-cancer-00001-abc',
    to: 'breast-cancer-00002-abc',
  });
  expect(traffic()[0]).toMatchObject({ revision: 'breast-cancer-00002-abc', percent: 100 });
  expect(await rollback(place(), follow)).toMatchObject({ to: 'breast-cancer-00001-abc' });
  expect(traffic()[0]).toMatchObject({ revision: 'breast-cancer-00001-abc', percent: 100 });
  await expect(rollback(place(), follow)).rejects.toMatchObject({ code: 'ROLLBACK_IMPOSSIBLE' });
  await expect(promote(place(), { ...follow, tag: 'x' })).rejects.toMatchObject({
    code: 'TAG_UNKNOWN',
    hint: expect.stringContaining('next'),
  });
});

describe('what Google refuses', () => {
  test.each([
    { code: 403, status: 'PERMISSION_DENIED', named: 'GCP_FORBIDDEN', hint: /roles\/cloudfunctions/ },
    { code: 401, status: 'UNAUTHENTICATED', named: 'GCP_UNAUTHENTICATED', hint: /application-default/ },
    { code: 404, status: 'NOT_FOUND', named: 'GCP_NOT_FOUND', hint: /--region/ },
    { code: 429, status: 'RESOURCE_EXHAUSTED', named: 'GCP_QUOTA', hint: /quotas/ },
    { code: 409, status: 'ALREADY_EXISTS', named: 'GCP_EXISTS', hint: /again/ },
    { code: 400, status: 'INVALID_ARGUMENT', named: 'GCP_FAILED', hint: /Google/ },
  ])('$code $status', async ({ code, status, named, hint }) => {
    google.faults.refuse = { line: /generateUploadUrl/, code, status, message: 'no' };
    await expect(deploy()).rejects.toMatchObject({ code: named, hint: expect.stringMatching(hint) });
    expect(google.functions.size).toBe(0);
  });

  test('an upload that is not taken', async () => {
    google.faults.refuse = { line: /^PUT/, code: 503, status: 'UNAVAILABLE', message: 'no' };
    await expect(deploy()).rejects.toMatchObject({ code: 'UPLOAD_FAILED' });
  });

  test('a build that fails leaves the revision before it, and says so', async () => {
    await deploy();
    google.faults.build = 'Build failed: see the logs';
    await expect(deploy()).rejects.toMatchObject({
      code: 'GCP_FAILED',
      message: expect.stringMatching(/Build failed.*goes on serving/),
    });
    expect(google.services.get(service).revisions).toHaveLength(1);
    expect(await deploy()).toMatchObject({ created: false });
  });

  test('an operation that does not end', async () => {
    google.faults.hang = true;
    await expect(deploy({}, { ...follow, timeoutMs: 500 })).rejects.toMatchObject({
      code: 'OPERATION_TIMEOUT',
    });
  });

  test('a promotion of what is not there', async () => {
    await expect(promote(place(), { ...follow, tag: undefined })).rejects.toMatchObject({
      code: 'GCP_NOT_FOUND',
    });
  });
});

test.each<[DeployOptions, string]>([
  [{ project: undefined }, 'OPTION_MISSING'],
  [{ trigger: 'kafka:x' }, 'OPTION_INVALID'],
  [{ trigger: 'pubsub:' }, 'OPTION_INVALID'],
  [{ memory: 64 }, 'OPTION_OUT_OF_RANGE'],
  [{ cpu: Number.NaN }, 'OPTION_OUT_OF_RANGE'],
  [{ concurrency: 1001 }, 'OPTION_OUT_OF_RANGE'],
  [{ memory: 8192, cpu: 1 }, 'OPTION_CONFLICT'],
  [{ cpu: 0.5, concurrency: 2 }, 'OPTION_CONFLICT'],
  [{ trigger: 'gcs:uploads', tag: 'next' }, 'OPTION_CONFLICT'],
  [{ ingress: 'some' }, 'OPTION_INVALID'],
  [{ name: '1st' }, 'OPTION_INVALID'],
  [{ endpointUrl: 'nowhere' }, 'OPTION_INVALID'],
])('%j: %s', (options, code) => {
  expect(() => planOf(options)).toThrow(expect.objectContaining({ code }));
});

test.each([
  [{}, 1],
  [{ memory: 4096 }, 1],
  [{ memory: 8192 }, 2],
  [{ memory: 8192, cpu: 4 }, 4],
  [{ memory: 32_768 }, 8],
])('%j: as many CPUs as the memory requires, %d', (options, cpu) => {
  expect(planOf(options).cpu).toBe(cpu);
});

test('a dry run tells the requests, and makes none', async () => {
  const planned = plannedRequests(planOf({ tag: 'next', allowUnauthenticated: true }));
  expect(google.requests).toEqual([]);
  await deploy({ tag: 'next', allowUnauthenticated: true });
  const made = google.requests.find(
    ({ line }) => line.startsWith('POST') && line.endsWith('/functions'),
  )!.body;
  const told = planned.find(({ url }) => url.includes('functionId='))!.body as typeof made;
  expect(Object.keys(told.serviceConfig).sort()).toEqual(Object.keys(made.serviceConfig).sort());
});

test('the commands of gcloud say the same', () => {
  const [functions, run] = gcloudCommands(planOf({ memory: 1024, traffic: false, tag: 'next' }));
  expect(functions!.join(' ')).toMatch(
    /^gcloud functions deploy breast-cancer --gen2 --runtime nodejs24 .*--memory 1024Mi/,
  );
  expect(run!.join(' ')).toMatch(/--function http --base-image nodejs24 .*--no-traffic --tag next$/);
  expect(gcloudCommands(planOf({ trigger: 'pubsub:t-1' }))).toHaveLength(1);
});
