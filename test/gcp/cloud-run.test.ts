import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deployJob, jobRequests, readJobPlan } from '../../lib/gcp/cloud-run/deploy-job.ts';
import { deployService, readServicePlan, serviceRequests } from '../../lib/gcp/cloud-run/deploy-service.ts';
import {
  type CloudRunOptions,
  type JobOptions,
  resolveJobDeployment,
  resolveService,
} from '../../lib/gcp/cloud-run/options.ts';
import { planJobDeployment } from '../../lib/gcp/cloud-run/plan-job.ts';
import { planServiceDeployment } from '../../lib/gcp/cloud-run/plan-service.ts';
import type { FollowOptions } from '../../lib/gcp/follow.ts';
import { promote, rollback } from '../../lib/gcp/promote.ts';
import { fetchBase } from '../../lib/image/fetch-base.ts';
import { sha256Of } from '../../lib/image/oci.ts';
import { run } from '../cli/coldpress.ts';
import { putBase } from '../image/make-base.ts';
import { type SmallRegistry, startRegistry } from '../image/small-registry.ts';
import { makeScratch, packExample } from '../packed/pack-example.ts';
import { type LocalGoogle, startGoogle } from './google.ts';

/** Services and jobs of Cloud Run through Google's own client, against a local server that speaks its API. */

const scratch = makeScratch();
const follow: FollowOptions = { onProgress: () => {}, timeoutMs: 20_000 };
const location = 'projects/p/locations/europe-west1';
const serviceName = `${location}/services/breast-cancer`;
const jobName = `${location}/jobs/breast-cancer`;
const registry = 'europe-west1-docker.pkg.dev/p/models';
const image = `${registry}/churn@sha256:${'a'.repeat(64)}`;

let dir: string;
let google: LocalGoogle;

beforeAll(async () => {
  dir = await packExample(scratch, 'container-compiled');
}, 60_000);

beforeEach(async () => {
  google = await startGoogle();
});

afterEach(() => google.close());

const place = () => ({ project: 'p', region: 'europe-west1', endpointUrl: google.url });
const request = (options: CloudRunOptions = {}) => resolveService(dir, { ...place(), image, ...options });
const deploy = (options: CloudRunOptions = {}) => deployService(request(options), follow);
const jobRequest = (options: JobOptions = {}) => resolveJobDeployment(dir, { ...place(), image, ...options });
const deployTheJob = (options: JobOptions = {}) => deployJob(jobRequest(options), follow);
const service = () => google.services.get(serviceName).service;
const container = () => service().template.containers[0];
const task = () => google.jobs.get(jobName).template.template;

describe('a service', () => {
  test('is created, private, and gets no request before its readiness', async () => {
    const deployed = await deploy();
    expect(deployed).toMatchObject({
      name: serviceName,
      created: true,
      traffic: true,
      url: expect.stringMatching(/^https:/),
    });
    expect(service().template).toMatchObject({
      maxInstanceRequestConcurrency: 80,
      timeout: '60s',
      containers: [
        {
          image,
          resources: { limits: { cpu: '1', memory: '512Mi' }, cpuIdle: true, startupCpuBoost: true },
          startupProbe: { httpGet: { path: '/v2/health/ready' }, periodSeconds: 1, failureThreshold: 120 },
        },
      ],
    });
    expect(google.policies.size).toBe(0);
  });

  const flags: CloudRunOptions = {
    memory: 8192,
    cpu: 4,
    concurrency: 10,
    minInstances: 1,
    maxInstances: 9,
    timeout: 300,
    ingress: 'internal',
    env: ['A=1', 'B=2'],
    secret: ['TOKEN=hook:3', 'KEY=projects/q/secrets/k'],
    label: ['team=risk'],
    serviceAccount: 'scorer@p.iam.gserviceaccount.com',
    vpcConnector: 'net',
    egress: 'all',
  };

  test('has what the flags say, and keeps it when they say nothing', async () => {
    await deploy(flags);
    const first = structuredClone(service());
    expect(first).toMatchObject({
      labels: { team: 'risk' },
      template: {
        timeout: '300s',
        maxInstanceRequestConcurrency: 10,
        scaling: { minInstanceCount: 1, maxInstanceCount: 9 },
        serviceAccount: 'scorer@p.iam.gserviceaccount.com',
        vpcAccess: { connector: 'net' },
      },
    });
    expect(container().env).toEqual([
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
      { name: 'TOKEN', valueSource: { secretKeyRef: { secret: 'hook', version: '3' } } },
      { name: 'KEY', valueSource: { secretKeyRef: { secret: 'projects/q/secrets/k', version: 'latest' } } },
    ]);
    expect(await deploy()).toMatchObject({ created: false, changes: [], traffic: true });
    expect(service()).toMatchObject({
      template: first.template,
      labels: first.labels,
      ingress: first.ingress,
    });
  });

  test('keeps what no flag can say: another container, a volume, a probe of its own', async () => {
    await deploy();
    const { template } = service();
    const own = {
      ...template.containers[0],
      ports: [{ containerPort: 8080 }],
      startupProbe: { httpGet: { path: '/ping' } },
    };
    template.containers = [
      { name: 'proxy', image: 'proxy:1', resources: { limits: { memory: '128Mi' } } },
      own,
    ];
    template.volumes = [{ name: 'cache', emptyDir: { sizeLimit: '64Mi' } }];
    template.revision = '';
    await deploy({ image: `${registry}/churn:2` });
    expect(service().template).toMatchObject({
      volumes: [{ name: 'cache' }],
      containers: [
        { name: 'proxy', image: 'proxy:1' },
        { image: `${registry}/churn:2`, startupProbe: { httpGet: { path: '/ping' } } },
      ],
    });
  });

  test('lists each change, and no variable’s value', async () => {
    await deploy(flags);
    const { changes } = await deploy({
      memory: 16_384,
      ingress: 'all',
      env: ['A=secret', 'C=3'],
      secret: ['TOKEN=hook:4'],
      egress: 'private',
      image: `${registry}/churn:2`,
    });
    expect(changes.map(({ name, from, to }) => [name, from, to])).toEqual([
      ['image', image, `${registry}/churn:2`],
      ['memory', '8192Mi', '16384Mi'],
      ['ingress', 'internal', 'all'],
      ['egress', 'all', 'private'],
      ['env', 'A, B', 'A, B, C'],
      [
        'secret',
        'TOKEN=hook:3, KEY=projects/q/secrets/k:latest',
        'TOKEN=hook:4, KEY=projects/q/secrets/k:latest',
      ],
    ]);
  });

  test('--no-traffic --tag, promote, rollback, rollback --to', async () => {
    await deploy();
    const next = await deploy({ traffic: false, tag: 'next' });
    expect(next).toMatchObject({ traffic: false, tagUrl: expect.stringMatching(/^https:\/\/next---/) });
    const at = () =>
      service().traffic.find((target: { percent?: number }) => target.percent === 100).revision;
    expect(at()).toBe('breast-cancer-00001-abc');
    expect(await deploy()).toMatchObject({ traffic: false });
    await promote(request(), { ...follow, tag: 'next' });
    expect(at()).toBe('breast-cancer-00002-abc');
    await rollback(request(), follow);
    expect(at()).toBe('breast-cancer-00001-abc');
    await rollback(request(), { ...follow, to: 'breast-cancer-00003-abc' });
    expect(at()).toBe('breast-cancer-00003-abc');
    await expect(rollback(request(), { ...follow, to: 'other' })).rejects.toMatchObject({
      code: 'ROLLBACK_IMPOSSIBLE',
    });
    expect(await deploy({ traffic: true })).toMatchObject({ traffic: true });
    expect(service().traffic[0]).toMatchObject({ percent: 100 });
    expect(service().traffic[0].revision).toBeFalsy();
  });

  test('--allow-unauthenticated lets everyone in', async () => {
    await deploy({ allowUnauthenticated: true });
    expect(google.policies.get(serviceName).bindings).toEqual([
      { role: 'roles/run.invoker', members: ['allUsers'] },
    ]);
  });

  test('what Google refuses leaves the service, and says so', async () => {
    await deploy();
    await expect(deploy({ image: `${registry}/churn:missing` })).rejects.toMatchObject({
      code: 'GCP_FAILED',
      message: expect.stringMatching(/not found; the previous revision keeps serving/),
    });
    google.faults.refuse = { line: /^GET/, code: 403, status: 'PERMISSION_DENIED', message: 'no' };
    await expect(deploy()).rejects.toMatchObject({
      code: 'GCP_FORBIDDEN',
      hint: expect.stringContaining('roles/run.developer'),
    });
    expect(container().image).toBe(image);
  });

  test('a dry run reads the service, and lists the requests that a deployment makes', async () => {
    await deploy();
    const before = google.requests.length;
    const planned = serviceRequests(await readServicePlan(request({ memory: 1024 })));
    expect(google.requests.slice(before).map(({ line }) => line)).toEqual([`GET /v2/${serviceName}`]);
    await deploy({ memory: 1024 });
    const made = google.requests.findLast(({ line }) => line.startsWith('PATCH'))!;
    expect(planned).toHaveLength(1);
    expect(planned[0]).toMatchObject({ method: 'PATCH', url: expect.stringMatching(/updateMask=template$/) });
    const limits = (template: { containers: { resources: object }[] }) => template.containers[0]!.resources;
    expect(limits(made.body.template)).toMatchObject(
      limits((planned[0]!.body as { template: Parameters<typeof limits>[0] }).template),
    );
  });
});

describe('a job', () => {
  const jobOptions: JobOptions = {
    input: 'gs://bucket/in/',
    output: 'gs://results/out/',
    tasks: 20,
    parallelism: 5,
  };

  test('runs the image with the argument “job”, and its tasks know what to score', async () => {
    expect(await deployTheJob(jobOptions)).toEqual({ name: jobName, created: true, changes: [] });
    expect(google.jobs.get(jobName).template).toMatchObject({ taskCount: 20, parallelism: 5 });
    expect(task()).toMatchObject({
      maxRetries: 3,
      timeout: '86400s',
      containers: [
        {
          image,
          args: ['job'],
          env: [
            { name: 'COLDPRESS_JOB_INPUT', value: 'gs://bucket/in/' },
            { name: 'COLDPRESS_JOB_OUTPUT', value: 'gs://results/out/' },
          ],
        },
      ],
    });
  });

  test('keeps what is not said', async () => {
    await deployTheJob({ ...jobOptions, serviceAccount: 'scorer@p.iam.gserviceaccount.com', timeout: 600 });
    const first = structuredClone(google.jobs.get(jobName).template);
    expect(await deployTheJob()).toMatchObject({ created: false, changes: [] });
    expect(google.jobs.get(jobName).template).toMatchObject(first);
    const { changes } = await deployTheJob({ tasks: 40, input: 'gs://bucket/new/' });
    expect(changes.map(({ name }) => name)).toEqual(['tasks', 'env']);
  });

  test('a dry run lists the request', async () => {
    const [only] = jobRequests(await readJobPlan(jobRequest(jobOptions)));
    expect(only).toMatchObject({ method: 'POST', url: expect.stringMatching(/jobs\?jobId=breast-cancer$/) });
    expect(google.jobs.size).toBe(0);
  });
});

test.each<[CloudRunOptions, string]>([
  [{ image: undefined }, 'OPTION_MISSING'],
  [{ image: 'churn:1' }, 'OPTION_INVALID'],
  [{ image: `${registry}/churn@sha256:12` }, 'OPTION_INVALID'],
  [{ memory: 64 }, 'OPTION_OUT_OF_RANGE'],
  [{ memory: 8192, cpu: 1 }, 'OPTION_CONFLICT'],
  [{ cpu: 0.5, concurrency: 2 }, 'OPTION_CONFLICT'],
  [{ minInstances: 3, maxInstances: 2 }, 'OPTION_CONFLICT'],
  [{ timeout: 3601 }, 'OPTION_OUT_OF_RANGE'],
  [{ traffic: false }, 'OPTION_CONFLICT'],
])('a service with %j: %s', (options, code) => {
  expect(() => planServiceDeployment(request(options), undefined)).toThrow(expect.objectContaining({ code }));
});

test.each<[JobOptions, string]>([
  [{}, 'OPTION_MISSING'],
  [{ input: 's3://bucket/in/' }, 'OPTION_INVALID'],
  [{ input: 'gs://bucket/in/', tasks: 0 }, 'OPTION_OUT_OF_RANGE'],
  [{ input: 'gs://bucket/in/', timeout: 604_801 }, 'OPTION_OUT_OF_RANGE'],
])('a job with %j: %s', (options, code) => {
  expect(() => planJobDeployment(jobRequest(options), undefined)).toThrow(expect.objectContaining({ code }));
});

describe('the command line', () => {
  const args = (...more: string[]) => [
    ...[
      'deploy',
      dir,
      '--target',
      'cloud-run',
      '--image',
      image,
      '--project',
      'p',
      '--region',
      'europe-west1',
    ],
    ...['--endpoint-url', google.url, ...more],
  ];

  test('deploys a service and a job', async () => {
    expect(await run(args())).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^created .*\nhttps:/),
    });
    const job = await run(args('--job', '--input', 'gs://bucket/in/'));
    expect(job).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('gcloud run jobs execute breast-cancer'),
    });
  });

  describe('with a tag', () => {
    const cacheDir = join(scratch, 'cache');
    const env = { COLDPRESS_CACHE_DIR: cacheDir, HOME: scratch, SOURCE_DATE_EPOCH: '0' };
    let images: SmallRegistry;
    const ofTag = (...more: string[]) =>
      run(
        ['deploy', dir, '--target', 'cloud-run', '--project', 'p', '--region', 'europe-west1'].concat(
          '--endpoint-url',
          google.url,
          more,
        ),
        { cwd: scratch, env },
      );
    const tag = () => `${images.host}/models/churn:1`;
    const base = () => ['--base', `${images.host}/node:24`];

    beforeAll(async () => {
      images = await startRegistry();
      await putBase(images, 'node:24');
      const lockPath = join(scratch, 'coldpress.lock.json');
      const { signal } = new AbortController();
      await fetchBase(`${images.host}/node:24`, { lockPath, cacheDir, env, signal });
    });

    afterAll(() => images.close());

    test('a dry run builds the image, and pushes nothing', async () => {
      images.requests.length = 0;
      const { code, stdout } = await ofTag('--image', tag(), ...base(), '--dry-run');
      expect(code).toBe(0);
      expect(stdout).toMatch(/^\S+\/models\/churn@sha256:[0-9a-f]{64} would be pushed, as 1\n/);
      expect(images.requests).toEqual([]);
      expect(google.services.size).toBe(0);
    });

    test('the image is built, pushed, and deployed by its digest; later by itself', async () => {
      expect((await ofTag('--image', tag(), ...base(), '--no-traffic')).code).toBe(2);
      const { code, stderr } = await ofTag('--image', tag(), ...base());
      expect([code, stderr]).toEqual([0, expect.stringContaining('pushed ')]);
      const digest = sha256Of(images.manifests.get('models/churn:1')!.bytes);
      expect(container().image).toBe(`${images.host}/models/churn@${digest}`);
      // The artifact has noted it.
      images.requests.length = 0;
      expect((await ofTag('--memory', '1024')).code).toBe(0);
      expect(container()).toMatchObject({
        image: `${images.host}/models/churn@${digest}`,
        resources: { limits: { memory: '1024Mi' } },
      });
      expect(images.requests).toEqual([]);
    });

    test('doctor compares the image that is deployed with the artifact', async () => {
      const doctor = async () => {
        const place = ['--project', 'p', '--region', 'europe-west1', '--endpoint-url', google.url];
        const args = ['doctor', dir, '--cloud-run', 'breast-cancer', ...place, '--json'];
        const { code, stdout } = await run(args, { cwd: scratch, env });
        const { deployed, findings, notChecked } = JSON.parse(stdout);
        return {
          code,
          rows: deployed.rows.map(({ what, equal }: { what: string; equal: boolean }) =>
            equal ? what : `${what} differs`,
          ),
          found: findings.map(({ id }: { id: string }) => id),
          notChecked: notChecked.map(({ what }: { what: string }) => what),
        };
      };
      const settings = ['CPU', 'memory'];
      const all = ['code', 'model', 'coldpress', 'engine', ...settings];
      await ofTag();
      expect(await doctor()).toEqual({ code: 0, rows: all, found: [], notChecked: [] });
      // Another image was pushed of the artifact since. The labels of the deployed one name its model.
      const pushed = { image: `${images.host}/models/churn@sha256:${'b'.repeat(64)}` };
      writeFileSync(join(dir, 'image.json'), JSON.stringify(pushed));
      expect(await doctor()).toEqual({
        code: 3,
        rows: ['code differs', 'model', 'coldpress', ...settings],
        found: ['deployed-drift'],
        notChecked: [],
      });
      rmSync(join(dir, 'image.json'));
      expect(await doctor()).toMatchObject({
        code: 0,
        rows: ['model', 'coldpress', ...settings],
        notChecked: ['the digest of the image'],
      });
    });

    test('what is pushed already is not built', async () => {
      expect((await ofTag('--image', tag(), '--no-push')).code).toBe(0);
      expect(container().image).toBe(tag());
    });

    test.each([
      ['a flag that is wrong, before anything is pushed', ['--memory', '1'], 'OPTION_OUT_OF_RANGE'],
      ['a base that nobody fetched', ['--base', 'node:1'], 'BASE_NOT_FETCHED'],
      ['a base for what is not built', ['--base', 'node:1', '--no-push'], 'OPTION_CONFLICT'],
    ])('refused: %s', async (_, more, code) => {
      images.requests.length = 0;
      expect(await ofTag('--image', tag(), ...more)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(code),
      });
      expect(images.requests).toEqual([]);
    });
  });

  test.each([
    ['--trigger', 'pubsub:a'],
    ['--input', 'gs://bucket/in/'],
    ['--job', '--tag', 'next'],
    ['--emit', 'gcloud'],
  ])('%s %s is refused', async (...more) => {
    const { code, stderr } = await run(args(...more.filter(item => item !== undefined)));
    expect(code).toBe(2);
    expect(stderr).toContain('OPTION_CONFLICT');
  });
});
