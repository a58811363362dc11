import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { folder, run } from '../cli/coldpress.ts';
import { makeScratch, packExample } from '../packed/pack-example.ts';

const scratch = makeScratch();
const artifacts = {} as Record<'container' | 'container-compiled' | 'gcf', string>;

beforeAll(async () => {
  for (const variant of ['container', 'container-compiled', 'gcf'] as const) {
    artifacts[variant] = await packExample(scratch, variant);
  }
}, 60_000);

async function emit(variant: keyof typeof artifacts, tool: string, ...args: string[]): Promise<string> {
  const cwd = { cwd: scratch };
  const all = ['deploy', variant, '--target', 'container', '--emit', tool, ...args];
  const { code, stdout, stderr } = await run(all, cwd);
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
}

const cpu = process.arch === 'arm64' ? 'arm64' : 'amd64';

describe('a Dockerfile', () => {
  test('has a layer for each part, by rate of change', async () => {
    const lines = (await emit('container', 'dockerfile')).trim().split('\n');
    expect(lines[0]).toBe(`FROM --platform=linux/${cpu} node:24-bookworm-slim`);
    const copied = lines.filter(line => line.startsWith('COPY')).map(line => JSON.parse(line.slice(5)));
    expect(copied).toEqual([
      [
        expect.stringMatching(/^function\/coldpress-onnxruntime-/),
        expect.stringMatching(/^\.\/coldpress-onnx/),
      ],
      ['function/model', './model/'],
      expect.arrayContaining(['function/index.mjs', 'function/coldpress.json', './']),
    ]);
    expect(lines.at(-1)).toBe('ENTRYPOINT ["node","/app/index.mjs"]');
  });

  test('of a compiled model is for any CPU, and has no engine', async () => {
    const text = await emit('container-compiled', 'dockerfile');
    expect(text).toMatch(/^FROM node:24-bookworm-slim\n/);
    expect(text).not.toContain('onnxruntime');
  });
});

test('a compose file builds the same Dockerfile and runs it without rights', async () => {
  const { services } = parse(await emit('container', 'compose', '--image', 'registry.example.com/a/b:1'));
  expect(Object.keys(services)).toEqual(['breast-cancer']);
  const service = services['breast-cancer'];
  expect(service).toMatchObject({
    image: 'registry.example.com/a/b:1',
    platform: `linux/${cpu}`,
    build: { context: './container' },
    ports: ['8080:8080'],
    read_only: true,
    cap_drop: ['ALL'],
    mem_limit: '384m',
  });
  expect(service.build.dockerfile_inline).toBe(await emit('container', 'dockerfile'));
});

test('an InferenceService of KServe', async () => {
  const args = ['--name', 'tumours', '--memory', '512'];
  const service = parse(await emit('container', 'kserve', ...args));
  expect(service).toMatchObject({
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: { name: 'tumours' },
  });
  const { nodeSelector, containers } = service.spec.predictor;
  expect(nodeSelector['kubernetes.io/arch']).toBe(cpu);
  expect(containers).toHaveLength(1);
  expect(containers[0]).toMatchObject({
    name: 'kserve-container',
    image: expect.stringMatching(/^tumours:[0-9a-f]{12}$/),
    env: [{ name: 'PROTOCOL', value: 'v2' }],
    ports: [{ containerPort: 8080 }],
    readinessProbe: { httpGet: { path: '/v2/health/ready', port: 8080 } },
    resources: { limits: { memory: '512Mi' } },
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    },
  });
});

const ecr = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/churn:1';

test.skipIf(process.platform === 'win32').each([
  {
    about: 'the first time',
    refused: ['get-role', 'describe-model', 'describe-endpoint-config', 'describe-endpoint'],
    last: ['create-model', 'create-endpoint-config', 'create-endpoint'],
  },
  {
    about: 'a new model',
    refused: ['describe-model', 'describe-endpoint-config'],
    last: ['create-model', 'create-endpoint-config', 'update-endpoint'],
  },
  { about: 'again', refused: [], last: ['update-endpoint'] },
  {
    about: 'on an instance',
    type: 'ml.m6i.large',
    refused: ['describe-model', 'describe-endpoint-config', 'describe-endpoint'],
    last: ['create-model', 'create-endpoint-config', 'create-endpoint'],
  },
])('SageMaker’s script pushes the image and deploys it, $about', async ({ refused, last, type }) => {
  const dir = folder('sagemaker');
  const log = join(dir, 'calls');
  rmSync(log, { force: true });
  // In place of the programs, ones that write down what they are called with.
  writeFileSync(
    join(dir, 'aws'),
    `#!${process.execPath}\nconst args = process.argv.slice(2);
     require('node:fs').appendFileSync(${JSON.stringify(log)}, JSON.stringify(args) + '\\n');
     if (${JSON.stringify(refused)}.includes(args[1])) process.exit(args[1] === 'get-role' && args.includes('--query') ? 0 : 254);
     console.log('arn:' + args[1]);`,
  );
  const pushed = ecr.replace(/:1$/, `@sha256:${'ab'.repeat(32)}`);
  const note = JSON.stringify({ image: pushed });
  writeFileSync(
    join(dir, 'npx'),
    `#!${process.execPath}\nconst args = process.argv.slice(2);
     require('node:fs').appendFileSync(${JSON.stringify(log)}, JSON.stringify(args) + '\\n');
     require('node:fs').writeFileSync('container-compiled/image.json', ${JSON.stringify(note)});`,
  );
  writeFileSync(join(dir, 'sleep'), '#!/bin/sh\n');
  for (const name of ['aws', 'npx', 'sleep']) {
    chmodSync(join(dir, name), 0o755);
  }
  const script = await emit('container-compiled', 'sagemaker', '--name', 'churn', '--image', ecr);
  const { status, stderr } = spawnSync('sh', ['-c', script], {
    cwd: scratch,
    env: {
      PATH: [dir, dirname(process.execPath), process.env.PATH].join(delimiter),
      ...(type !== undefined && { INSTANCE_TYPE: type }),
    },
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  const calls = readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as string[]);
  expect(calls[0]).toEqual([
    'coldpress',
    'image',
    'container-compiled',
    '--arch',
    'x64',
    '--tag',
    ecr,
    '--push',
  ]);
  const made = calls.filter(([service, name]) => service === 'sagemaker' && /^(create|update)/.test(name!));
  expect(made.map(([, name]) => name)).toEqual(last);
  const words = made.flat();
  if (last.includes('create-model')) {
    expect(words).toContain(`Image=${pushed}`);
    expect(words.find(word => word.startsWith('VariantName'))).toBe(
      `VariantName=main,ModelName=churn-abababababab,${
        type === undefined
          ? 'ServerlessConfig={MemorySizeInMB=1024,MaxConcurrency=20}'
          : `InstanceType=${type},InitialInstanceCount=1`
      }`,
    );
  }
  const document = calls.find(([, name]) => name === 'put-role-policy')!.at(-1)!;
  expect(JSON.parse(document).Statement[0].Resource).toBe(
    'arn:aws:ecr:eu-west-1:123456789012:repository/team/churn',
  );
});

test.each([
  { args: ['container', '--emit', 'sagemaker'], code: 'OPTION_MISSING' },
  { args: ['container', '--emit', 'sagemaker', '--image', 'churn:1'], code: 'OPTION_INVALID' },
  { args: ['container'], code: 'OPTION_MISSING' },
  { args: ['container', '--project', 'p', '--region', 'europe-west1'], code: 'OPTION_MISSING' },
  {
    args: ['container', '--target', 'container', '--emit', 'sagemaker', '--image', ecr, '--memory', '7000'],
    code: 'OPTION_OUT_OF_RANGE',
  },
  { args: ['container', '--target', 'container'], code: 'OPTION_MISSING' },
  { args: ['container', '--target', 'container', '--emit', 'sam'], code: 'OPTION_CONFLICT' },
  {
    args: ['container', '--target', 'container', '--emit', 'kserve', '--region', 'x'],
    code: 'OPTION_CONFLICT',
  },
  {
    args: ['container', '--target', 'container', '--emit', 'kserve', '--name', 'No'],
    code: 'OPTION_INVALID',
  },
  {
    args: ['container', '--target', 'container', '--emit', 'kserve', '--image', 'a b'],
    code: 'OPTION_INVALID',
  },
  {
    args: ['container', '--target', 'container', '--emit', 'compose', '--memory', '1'],
    code: 'OPTION_OUT_OF_RANGE',
  },
  { args: ['gcf', '--target', 'container', '--emit', 'kserve'], code: 'ARTIFACT_TARGET' },
  {
    args: ['gcf', '--emit', 'kserve', '--project', 'p', '--region', 'europe-west1'],
    code: 'OPTION_CONFLICT',
  },
  {
    args: ['gcf', '--emit', 'gcloud', '--image', 'x', '--project', 'p', '--region', 'europe-west1'],
    code: 'OPTION_CONFLICT',
  },
])('deploy $args: $code', async ({ args: [dir, ...args], code }) => {
  const { code: exit, stderr } = await run(['deploy', join(scratch, dir!), ...args]);
  expect(exit).toBe(2);
  expect(stderr).toContain(`${code}:`);
});
