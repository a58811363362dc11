import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { arch, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { packAtSynth } from '../../lib/cdk/pack/pack-at-synth.ts';
import { hostOf } from '../../lib/local/host.ts';
import { handleInvokeApi } from '../../lib/local/invoke-api.ts';
import { type Lambda, startLambda } from '../../lib/local/lambda.ts';
import { loadEsbuild } from '../../lib/vendored.ts';
import { baseConfig, cacheDir, root } from './app.ts';

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-hook-'));
const hook = join(scratch, 'hook');

beforeAll(() => {
  // As the construct bundles it; AWS's clients are found as Lambda's runtime lets them be found.
  loadEsbuild().buildSync({
    entryPoints: { index: join(root, 'handlers/aws-pre-traffic.ts') },
    outdir: hook,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['@aws-sdk/*'],
  });
  mkdirSync(join(scratch, 'node_modules'));
  symlinkSync(join(root, 'node_modules/@aws-sdk'), join(scratch, 'node_modules/@aws-sdk'));
});

/** The example for this machine; `change` may spoil it. */
async function startVersion(change: (functionDir: string) => void = () => {}): Promise<Lambda> {
  const packed = packAtSynth({
    cwd: scratch,
    cacheDir,
    config: baseConfig,
    overrides: { arch: arch() === 'arm64' ? 'arm64' : 'x64' },
  });
  const dir = mkdtempSync(join(scratch, 'artifact-'));
  cpSync(packed.ok ? packed.dir : '', dir, { recursive: true });
  change(join(dir, 'function'));
  return startLambda(dir, { host: hostOf(process) });
}

interface Reported {
  status: string | undefined;
  log: string;
}

/** Runs the hook against CodeDeploy and CloudWatch as far as it calls them, and a real function behind Lambda's API. */
async function runHook(
  lambda: Lambda,
  { invocations = 0, appSpec }: { invocations?: number; appSpec?: string } = {},
): Promise<Reported> {
  const name = lambda.manifest.name;
  const content = appSpec ?? JSON.stringify(makeAppSpec(name));
  let status: string | undefined;
  const server = createServer(async (request, response) => {
    const target = String(request.headers['x-amz-target'] ?? '');
    const answer = (body: object, type = 'application/x-amz-json-1.1') =>
      response.setHeader('content-type', type).end(JSON.stringify(body));
    if (request.url?.startsWith('/2015-03-31/')) {
      await handleInvokeApi(lambda, request, response);
    } else if (target.endsWith('.GetDeployment')) {
      const revision = { revisionType: 'AppSpecContent', appSpecContent: { content } };
      const deploymentConfigName = 'CodeDeployDefault.LambdaCanary10Percent5Minutes';
      answer({ deploymentInfo: { revision, deploymentConfigName } });
    } else if (target.endsWith('.PutLifecycleEventHookExecutionStatus')) {
      status = JSON.parse(await textOf(request)).status;
      answer({});
    } else {
      const body = { Label: 'Invocations', Datapoints: [{ Sum: invocations }] };
      answer(body, 'application/x-amz-json-1.0');
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const event = { DeploymentId: 'd-1', LifecycleEventHookExecutionId: 'h-1' };
  const code = `const { handler } = await import('./index.mjs'); await handler(${JSON.stringify(event)});`;
  try {
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '-e', code],
      {
        cwd: hook,
        env: {
          ...process.env,
          AWS_ENDPOINT_URL: endpoint,
          AWS_REGION: 'eu-west-1',
          AWS_ACCESS_KEY_ID: 'x',
          AWS_SECRET_ACCESS_KEY: 'x',
        },
      },
    );
    return { status, log: stdout + stderr };
  } finally {
    server.close();
    await lambda.close();
  }
}

/** As CloudFormation makes it. */
function makeAppSpec(name: string): object {
  const Properties = { Name: name, Alias: 'live', CurrentVersion: '1', TargetVersion: '$LATEST' };
  return { version: 0.0, Resources: [{ [name]: { Type: 'AWS::Lambda::Function', Properties } }] };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
  }
  return text;
}

describe('the hook', () => {
  test('lets a version through that answers its golden vector', async () => {
    const { status, log } = await runHook(await startVersion(), { invocations: 1_000_000 });
    expect(log).toContain('answers its golden vector');
    expect(log).not.toContain('relies on');
    expect(status).toBe('Succeeded');
  });

  test('says when a rollout will see too few requests to judge by', async () => {
    const { status, log } = await runHook(await startVersion(), { invocations: 600 });
    expect(log).toMatch(/about 5 requests will reach .* this rollout relies on the golden vector/);
    expect(status).toBe('Succeeded');
  });

  test('stops a version that answers it otherwise, and tells what differs', async () => {
    const spoil = (dir: string) => {
      const path = join(dir, 'model/golden.json');
      const golden = JSON.parse(readFileSync(path, 'utf8'));
      golden.response.outputs[1].data[0] += 0.1;
      writeFileSync(path, JSON.stringify(golden));
    };
    const { status, log } = await runHook(await startVersion(spoil));
    expect(log).toContain('is not ready');
    expect(log).toContain('output_probability');
    expect(status).toBe('Failed');
  });

  test('stops a version that does not start', async () => {
    const { status } = await runHook(
      await startVersion(dir => writeFileSync(join(dir, 'index.mjs'), 'throw 1')),
    );
    expect(status).toBe('Failed');
  });

  test('reads an AppSpec in YAML, and fails by name without one', async () => {
    const yaml = `version: 0.0\nResources:\n  - f:\n      Type: AWS::Lambda::Function\n      Properties:\n        Name: breast-cancer\n        Alias: live\n        CurrentVersion: "1"\n        TargetVersion: "$LATEST"\n`;
    expect((await runHook(await startVersion(), { appSpec: yaml })).status).toBe('Succeeded');
    const { status, log } = await runHook(await startVersion(), { appSpec: '{}' });
    expect(status).toBe('Failed');
    expect(log).toContain('has no Name in its AppSpec');
  });
});
