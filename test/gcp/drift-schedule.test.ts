import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { formatSlots } from '../../lib/contract/drift-counts.ts';
import { countedColumns, type Profile } from '../../lib/contract/profile.ts';
import { referenceSlots } from '../../lib/drift/histogram.ts';
import { deployFunction } from '../../lib/gcp/deploy.ts';
import { type DeployOptions, resolveDeploy } from '../../lib/gcp/options.ts';
import { planDeployment } from '../../lib/gcp/plan.ts';
import { plannedRequests } from '../../lib/gcp/requests.ts';
import { hostOf } from '../../lib/local/host.ts';
import { serveArtifact } from '../../lib/local/serve.ts';
import { makeScratch, packExample } from '../packed/pack-example.ts';
import { type LocalGoogle, startGoogle } from './google.ts';
import { unzip } from './unzip.ts';

/** Deploying and running the function that judges drift, against a local Google. */

const scratch = makeScratch();
const parent = 'projects/p/locations/europe-west1';
const job = `${parent}/jobs/breast-cancer-drift`;
const schedule: DeployOptions = { driftSchedule: '0 6 * * *' };

let dir: string;
let google: LocalGoogle;

beforeAll(async () => {
  dir = await packExample(scratch, 'gcf');
}, 60_000);

beforeEach(async () => {
  google = await startGoogle();
});

afterEach(() => google.close());

function request(options: DeployOptions) {
  return resolveDeploy(dir, { project: 'p', region: 'europe-west1', endpointUrl: google.url, ...options });
}

function deploy(options: DeployOptions = schedule) {
  return deployFunction(request(options), { onProgress: () => {}, timeoutMs: 20_000 });
}

test('a function, a job that may call it, a metric and an alert are made', async () => {
  await deploy({ ...schedule, driftServiceAccount: 'reader@p.iam.gserviceaccount.com' });
  const judge = google.functions.get(`${parent}/functions/breast-cancer-drift`);
  expect(judge.serviceConfig).toMatchObject({
    serviceAccountEmail: 'reader@p.iam.gserviceaccount.com',
    environmentVariables: { MODEL_FUNCTION: 'breast-cancer', PROJECT: 'p', REGION: 'europe-west1' },
  });
  expect(google.watching.get(job)).toMatchObject({
    schedule: '0 6 * * *',
    timeZone: 'Etc/UTC',
    httpTarget: {
      uri: judge.serviceConfig.uri,
      oidcToken: {
        serviceAccountEmail: 'reader@p.iam.gserviceaccount.com',
        audience: judge.serviceConfig.uri,
      },
    },
  });
  // Nobody else may call it, and the model's function stays as private as it was.
  expect([...google.policies].map(([name, { bindings }]) => [name, bindings])).toEqual([
    [
      `${parent}/services/breast-cancer-drift`,
      [{ role: 'roles/run.invoker', members: ['serviceAccount:reader@p.iam.gserviceaccount.com'] }],
    ],
  ]);
  expect(google.watching.get('projects/p/metrics/coldpress-drift')).toMatchObject({
    valueExtractor: 'EXTRACT(jsonPayload.drift)',
  });
  const policy = google.watching.get('projects/p/alertPolicies/1');
  expect(policy.conditions[0].conditionMatchedLog.filter).toContain(
    'service_name="breast-cancer-drift" AND (jsonPayload.drift>=1.301 OR severity>=ERROR)',
  );
}, 60_000);

test('again changes the schedule, and keeps who is notified', async () => {
  await deploy();
  google.watching.get('projects/p/alertPolicies/1').notificationChannels = [
    'projects/p/notificationChannels/9',
  ];
  await deploy({ driftSchedule: '0 */4 * * *' });
  expect(google.watching.get(job).schedule).toBe('0 */4 * * *');
  expect(google.watching.get('projects/p/alertPolicies/1').notificationChannels).toEqual([
    'projects/p/notificationChannels/9',
  ]);
  expect([...google.watching.keys()]).toHaveLength(3);
}, 60_000);

test('without the option nothing of it is made', async () => {
  await deploy({});
  expect([google.watching.size, google.functions.size]).toEqual([0, 1]);
}, 60_000);

test('a dry run shows the requests', () => {
  const lines = plannedRequests(planDeployment(request(schedule), undefined)).map(
    ({ method, url }) => `${method} ${new URL(url, google.url).pathname}`,
  );
  expect(lines.slice(-5)).toEqual([
    `POST /v2/${parent}/functions`,
    `POST /v2/${parent}/services/breast-cancer-drift:setIamPolicy`,
    `POST /v1/${parent}/jobs`,
    'PUT /v2/projects/p/metrics/coldpress-drift',
    'POST /v3/projects/p/alertPolicies',
  ]);
});

test.each([
  ['0 6 * * *', '168', '365', '172800s'],
  ['0 * * * *', '168', '8760', '172800s'],
  ['0 6 * * 1', '168', '52', '604800s'],
  ['0 6 1,15 * *', '408', '24', '604800s'],
])('%s reads what is new and shares the chance of a year', (driftSchedule, hours, looks, autoClose) => {
  const bodies = plannedRequests(planDeployment(request({ driftSchedule }), undefined)).map(
    ({ body }) => body,
  );
  expect(bodies).toContainEqual(
    expect.objectContaining({
      serviceConfig: expect.objectContaining({
        environmentVariables: expect.objectContaining({ WINDOW_HOURS: hours, LOOKS: looks }),
      }),
    }),
  );
  expect(bodies.at(-1)).toMatchObject({ alertStrategy: { autoClose } });
});

test.each<[DeployOptions, string]>([
  [{ driftSchedule: 'daily' }, 'OPTION_INVALID'],
  [{ driftSchedule: '0 6 1 * *' }, 'OPTION_INVALID'],
  [{ driftServiceAccount: 'a@b' }, 'OPTION_CONFLICT'],
  [{ ...schedule, name: 'a'.repeat(44) }, 'OPTION_INVALID'],
])('%o is refused', (options, code) => {
  expect(() => request(options)).toThrow(expect.objectContaining({ code }));
});

function entriesOf(profile: Profile, rows: number, shifted: string | undefined): object[] {
  return Array.from({ length: rows }, (_, row) => {
    const counts = countedColumns(profile).map(column => {
      const slots = referenceSlots(column);
      const all = slots.flatMap((count, slot) => Array<number>(count).fill(slot));
      const slot = column.name === shifted ? slots.length - 1 : all[(row * 7) % all.length]!;
      return formatSlots(slots.map((_, at) => Number(at === slot)));
    });
    const drift = { v: 1, profile: profile.id, id: `0.${row}`, rows: 1, counts: counts.join() };
    return {
      insertId: `${row}`,
      logName: 'projects/p/logs/stdout',
      timestamp: new Date().toISOString(),
      jsonPayload: { requestId: `${row}`, modelSha256: profile.model.sha256, drift },
      resource: { labels: { revision_name: 'breast-cancer-00001-abc' } },
    };
  });
}

test('the uploaded zip runs under the framework, judges the log and fails where it cannot be read', async () => {
  await deploy();
  const unpacked = join(scratch, 'judge');
  await unzip([...google.uploads.values()].at(-1)!, join(unpacked, 'function'));
  // It judges the model's log without the model, of which serve expects the files.
  const manifest = join(unpacked, 'function/coldpress.json');
  writeFileSync(manifest, JSON.stringify({ ...JSON.parse(readFileSync(manifest, 'utf8')), files: [] }));
  const profile: Profile = JSON.parse(readFileSync(join(unpacked, 'function/profile.json'), 'utf8'));
  const { environmentVariables } = google.functions.get(
    `${parent}/functions/breast-cancer-drift`,
  ).serviceConfig;
  const served = await serveArtifact(unpacked, {
    host: hostOf(process),
    port: 0,
    env: {
      ...environmentVariables,
      ENDPOINT_URL: google.url,
      GCE_METADATA_HOST: new URL(google.url).host,
    },
  });
  const call = async () => {
    const response = await fetch(served.url, { method: 'POST' });
    return { status: response.status, verdict: await response.json() };
  };
  try {
    const name = profile.features[3]!.name;
    google.entries = entriesOf(profile, 200, name).map(entry => ({
      ...entry,
      timestamp: new Date(Date.now() - 60_000).toISOString(),
    }));
    expect(await call()).toMatchObject({
      status: 200,
      verdict: { drifted: true, rows: 200, message: 'Drift: 1 feature', columns: [{ name }] },
    });
    google.entries = [];
    expect(await call()).toMatchObject({ status: 200, verdict: { drift: 0, rows: 0 } });
    google.faults.refuse = {
      line: /entries:list/,
      code: 403,
      status: 'PERMISSION_DENIED',
      message: 'logging.logEntries.list denied',
    };
    expect(await call()).toMatchObject({
      status: 500,
      verdict: { message: expect.stringContaining('logging.logEntries.list denied') },
    });
  } finally {
    await served.close();
  }
}, 60_000);
