import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { diagnoseDeployed } from '../../lib/doctor/deployed/diagnose-deployed.ts';
import { deployFunction, readPlan } from '../../lib/gcp/deploy.ts';
import { gcloudCommands } from '../../lib/gcp/emit-gcloud.ts';
import type { FollowOptions } from '../../lib/gcp/follow.ts';
import { type DeployOptions, resolveDeploy } from '../../lib/gcp/options.ts';
import { planDeployment } from '../../lib/gcp/plan.ts';
import { promote, rollback } from '../../lib/gcp/promote.ts';
import { plannedRequests } from '../../lib/gcp/requests.ts';
import { hostOf } from '../../lib/local/host.ts';
import { serveArtifact } from '../../lib/local/serve.ts';
import { example, makeScratch, packExample } from '../packed/pack-example.ts';
import { type LocalGoogle, startGoogle } from './google.ts';
import { unzip } from './unzip.ts';

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

test('doctor compares what is deployed with the artifact', async () => {
  await deploy();
  const doctor = async () => {
    const diagnosis = await diagnoseDeployed(
      dir,
      { platform: 'gcf', ...place() },
      { cwd: scratch, today: new Date('2026-11-21'), env: {} },
    );
    return {
      rows: diagnosis.deployed!.rows.map(({ what, equal }) => (equal ? what : `${what} differs`)),
      found: diagnosis.findings.map(({ id }) => id),
    };
  };
  const names = ['code', 'model', 'coldpress', 'engine', 'runtime', 'CPU', 'memory'];
  expect(await doctor()).toEqual({ rows: names, found: [] });
  const [object] = [...google.uploads.keys()];
  google.uploads.set(object!, Buffer.from('other'));
  google.functions.get(name).buildConfig.runtime = 'nodejs22';
  expect(await doctor()).toEqual({
    rows: ['code differs', 'runtime differs', 'CPU', 'memory'],
    found: ['deployed-drift', 'deployed-settings'],
  });
  google.functions.clear();
  await expect(doctor()).rejects.toMatchObject({ code: 'GCP_NOT_FOUND' });
});

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

const firstFlags: DeployOptions = {
  trigger: 'pubsub:measurements',
  memory: 2048,
  cpu: 2,
  concurrency: 10,
  minInstances: 2,
  maxInstances: 9,
  timeout: 300,
  ingress: 'internal',
  env: ['RESULTS=a,b', 'NODE_OPTIONS=--enable-source-maps'],
  secret: ['TOKEN=hook:3'],
  label: ['team=risk'],
  serviceAccount: 'scorer@p.iam.gserviceaccount.com',
  vpcConnector: 'net',
  egress: 'all',
};

test('a second deployment without flags keeps all that the first one said', async () => {
  await deploy(firstFlags);
  const { buildConfig, serviceConfig, eventTrigger, labels } = structuredClone(google.functions.get(name));
  // What nobody can say by a flag.
  google.functions.get(name).buildConfig.workerPool = 'pool';
  const { changes } = await deploy();
  expect(changes).toEqual([]);
  const { line } = google.requests.findLast(({ line }) => line.startsWith('PATCH'))!;
  expect(line).toContain('/functions/');
  const again = google.functions.get(name);
  expect(again).toMatchObject({ serviceConfig: withoutRevision(serviceConfig), eventTrigger, labels });
  expect(again.buildConfig).toMatchObject({
    ...buildConfig,
    source: again.buildConfig.source,
    workerPool: 'pool',
  });
  expect(again.serviceConfig.environmentVariables).toMatchObject({
    RESULTS: 'a,b',
    NODE_OPTIONS: expect.stringMatching(/^--enable-source-maps --max-old-space-size=\d+$/),
  });
});

function withoutRevision({ revision, ...rest }: Record<string, unknown>) {
  return rest;
}

test('lists each change, and no variable’s value', async () => {
  await deploy(firstFlags);
  const { changes } = await deploy({
    memory: 4096,
    ingress: 'all',
    env: ['RESULTS=secret', 'MORE=1'],
    secret: ['TOKEN=hook:4'],
    trigger: 'gcs:uploads',
    label: ['cost=7'],
  });
  expect(changes.map(({ name, from, to }) => [name, from, to])).toEqual([
    ['memory', '2048Mi', '4096Mi'],
    ['ingress', 'internal', 'all'],
    ['env', 'NODE_OPTIONS, RESULTS', 'MORE, NODE_OPTIONS, RESULTS'],
    ['secret', 'TOKEN=hook:3', 'TOKEN=hook:4'],
    ['label', 'team=risk', 'team=risk, cost=7'],
    ['trigger', 'pubsub:measurements', 'gcs:uploads'],
  ]);
  expect(google.functions.get(name)).toMatchObject({
    buildConfig: { entryPoint: 'event' },
    serviceConfig: { timeoutSeconds: 300, minInstanceCount: 2 },
    eventTrigger: { eventFilters: [{ value: 'uploads' }] },
  });
});

test('more memory takes more CPUs with it', async () => {
  await deploy();
  const { changes } = await deploy({ memory: 8192 });
  expect(changes.map(({ name, to }) => [name, to])).toMatchObject([
    ['memory', '8192Mi'],
    ['cpu', '2'],
    ['env', expect.any(String)],
  ]);
});

test('--trigger http turns an event function into an HTTP function', async () => {
  await deploy({ trigger: 'pubsub:measurements' });
  const { changes } = await deploy({ trigger: 'http' });
  expect(changes.map(({ name }) => name)).toEqual(['entry point', 'trigger']);
  expect(google.functions.get(name).eventTrigger).toBeUndefined();
});

test('traffic that was moved stays, until it is said otherwise', async () => {
  await deploy();
  await deploy({ traffic: false, tag: 'next' });
  expect(await deploy()).toMatchObject({ traffic: false });
  expect(traffic()[0]).toMatchObject({ revision: 'breast-cancer-00001-abc', percent: 100 });
  expect(await deploy({ traffic: true })).toMatchObject({ traffic: true });
});

test('a dead-letter topic is set at the trigger’s subscription, and Pub/Sub is let', async () => {
  await deploy({ trigger: 'pubsub:measurements', deadLetterTopic: 'dead' });
  const subscription = 'projects/p/subscriptions/eventarc-breast-cancer-1';
  expect(google.subscriptions.get(subscription)).toMatchObject({
    deadLetterPolicy: { deadLetterTopic: 'projects/p/topics/dead', maxDeliveryAttempts: 5 },
  });
  const member = 'serviceAccount:service-1@gcp-sa-pubsub.iam.gserviceaccount.com';
  expect(google.policies.get('projects/p/topics/dead').bindings).toEqual([
    { role: 'roles/pubsub.publisher', members: [member] },
  ]);
  expect(google.policies.get(subscription).bindings).toEqual([
    { role: 'roles/pubsub.subscriber', members: [member] },
  ]);
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
      message: expect.stringMatching(/Build failed.*keeps serving/),
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
  [{ env: ['NAME'] }, 'OPTION_INVALID'],
  [{ secret: ['NAME=a b'] }, 'OPTION_INVALID'],
  [{ minInstances: 3, maxInstances: 2 }, 'OPTION_CONFLICT'],
  [{ deadLetterTopic: 'dead' }, 'OPTION_CONFLICT'],
  [{ name: '1st' }, 'OPTION_INVALID'],
  [{ endpointUrl: 'nowhere' }, 'OPTION_INVALID'],
])('%j: %s', (options, code) => {
  expect(() => planDeployment(planOf(options), undefined)).toThrow(expect.objectContaining({ code }));
});

test.each([
  [{}, 1],
  [{ memory: 4096 }, 1],
  [{ memory: 8192 }, 2],
  [{ memory: 8192, cpu: 4 }, 4],
  [{ memory: 32_768 }, 8],
])('%j: as many CPUs as the memory requires, %d', (options, cpu) => {
  expect(planDeployment(planOf(options), undefined).resource.serviceConfig!.availableCpu).toBe(String(cpu));
});

test('a dry run reads the function, lists the requests and changes, and makes none', async () => {
  await deploy({ trigger: 'pubsub:measurements' });
  const before = google.requests.length;
  const plan = await readPlan(planOf({ memory: 1024 }));
  const planned = plannedRequests(plan);
  expect(google.requests.slice(before).map(({ line }) => line)).toEqual([`GET /v2/${name}`]);
  expect(plan.changes.map(change => change.name)).toEqual(['memory', 'env']);
  await deploy({ memory: 1024 });
  const patch = planned.find(({ method }) => method === 'PATCH')!;
  expect(patch.url).toMatch(
    /updateMask=build_config.source,service_config.available_memory,service_config.environment_variables$/,
  );
  const made = google.requests.findLast(({ line }) => line.startsWith('PATCH'))!.body;
  const sent = patch.body as typeof made;
  expect(Object.keys(made.serviceConfig)).toEqual(expect.arrayContaining(Object.keys(sent.serviceConfig)));
});

test('a config that takes settings from the environment deploys with them, and not without', async () => {
  const artifact = planOf();
  const sinks = { results: { type: 'pubsub', topic: { env: 'RESULTS' } }, failures: null } as const;
  const withSink = { ...artifact, manifest: { ...artifact.manifest, sinks } };
  expect(() => planDeployment(withSink, undefined)).toThrow(
    expect.objectContaining({ code: 'ENV_MISSING', hint: '--env RESULTS=VALUE' }),
  );
  const changed = {
    ...withSink,
    settings: { ...withSink.settings, env: { RESULTS: 'projects/p/topics/r' } },
  };
  await deployFunction(changed, follow);
  await deployFunction(withSink, follow);
  expect(google.functions.get(name).serviceConfig.environmentVariables.RESULTS).toBe('projects/p/topics/r');
});

test('a topic that triggers the function receives none of its messages', () => {
  const sinks = { results: { type: 'pubsub', topic: { env: 'RESULTS' } }, failures: null } as const;
  const plan = (options: DeployOptions) => {
    const request = planOf(options);
    return planDeployment({ ...request, manifest: { ...request.manifest, sinks } }, undefined);
  };
  const env = ['RESULTS=projects/p/topics/t-1'];
  const loop = expect.objectContaining({ code: 'TRIGGER_LOOP' });
  expect(() => plan({ trigger: 'pubsub:t-1', env })).toThrow(loop);
  expect(() => plan({ trigger: 'pubsub:t-2', env, deadLetterTopic: 't-2' })).toThrow(loop);
  expect(() => plan({ trigger: 'pubsub:t-2', env, deadLetterTopic: 't-3' })).not.toThrow();
});

test('the commands of gcloud say the same', () => {
  const [functions, run] = gcloudCommands(planOf({ memory: 1024, traffic: false, tag: 'next' }));
  expect(functions!.join(' ')).toMatch(
    /^gcloud functions deploy breast-cancer --gen2 --runtime nodejs24 .*--memory 1024Mi/,
  );
  expect(run!.join(' ')).toMatch(/--function http --base-image nodejs24 .*--no-traffic --tag next$/);
  expect(gcloudCommands(planOf({ trigger: 'pubsub:t-1' }))).toHaveLength(1);
});
