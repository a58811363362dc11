import { spawnSync } from 'node:child_process';
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CreateFunctionCommandInput } from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { benchAws } from '../../lib/bench/aws/bench-aws.ts';
import { type AwsEntry, openJournal } from '../../lib/bench/journal.ts';
import { restoreFunctions } from '../../lib/bench/restore.ts';
import type { Sample } from '../../lib/bench/sample.ts';
import { handleInvokeApi } from '../../lib/local/invoke-api.ts';
import { type Lambda, startLambda } from '../../lib/local/lambda.ts';
import { isInvokeApi } from '../../lib/local/reserved-paths.ts';
import { run, start } from '../cli/coldpress.ts';
import { emptyFolder, host as thisHost, tinyArtifact } from '../local/tiny-artifact.ts';
import { hasMoto, startMoto } from '../runtime/sinks/moto.ts';

const source = `let first = true;
export const handler = async event => {
  if (event.fail) throw new Error('no such record');
  process.stdout.write(JSON.stringify({ cold: Number(first), phases: { native: 1, model: 2, first: 0.5 } }) + '\\n');
  first = false;
  return { statusCode: 200, body: 'ok' };
};`;
/** Of a process that was. */
const endedPid = () => spawnSync(process.execPath, ['--version']).pid;
const settings = { A_SETTING: 'kept' };
const credentials = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

/**
 * moto keeps the function's configuration, the local Lambda runs it: a change of the first starts the second anew, as AWS
 * does.
 */
describe.skipIf(!hasMoto)('a deployed function (needs moto_server)', () => {
  const noted: { Environment?: { Variables: Record<string, string> }; MemorySize?: number }[] = [];
  let moto: Awaited<ReturnType<typeof startMoto>>;
  let lambda: Lambda | undefined;
  let endpointUrl = '';
  let host = thisHost;
  const server = createServer((request, response) => void route(request, response));

  async function route(request: IncomingMessage, response: ServerResponse) {
    if (isInvokeApi(request.url!)) {
      lambda ??= await startLambda(dir, { host: thisHost, memoryMb: noted.at(-1)?.MemorySize ?? 512 });
      // Both functions have the same code.
      request.url = request.url!.replace('tiny-arm64', 'tiny');
      // A change of the function, after Ctrl-C, ends what still runs.
      return handleInvokeApi(lambda, request, response).catch(() => response.destroy());
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const body = Buffer.concat(chunks);
    if (request.method === 'PUT') {
      noted.push(JSON.parse(body.toString()));
      await lambda?.close();
      lambda = undefined;
    }
    const { method, headers } = request;
    forward(process.env.AWS_ENDPOINT_URL + request.url!, { method: method!, headers }, answer => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    }).end(body);
  }

  let dir = '';
  beforeAll(async () => {
    moto = await startMoto();
    dir = await tinyArtifact(source);
    const { LambdaClient, CreateFunctionCommand } = await import('@aws-sdk/client-lambda');
    const role = new URLSearchParams({
      Action: 'CreateRole',
      Version: '2010-05-08',
      RoleName: 'r',
      AssumeRolePolicyDocument: '{}',
    });
    const authorization =
      'AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0';
    await fetch(process.env.AWS_ENDPOINT_URL!, { method: 'POST', headers: { authorization }, body: role });
    const zip = zipSync({ 'index.mjs': Buffer.from(source) });
    const create = (
      own: { FunctionName: string; MemorySize: number } & Partial<CreateFunctionCommandInput>,
    ) =>
      new LambdaClient().send(
        new CreateFunctionCommand({
          Runtime: 'nodejs22.x',
          Handler: 'index.handler',
          Code: { ZipFile: zip },
          Role: 'arn:aws:iam::123456789012:role/r',
          ...own,
        }),
      );
    await create({ FunctionName: 'tiny', MemorySize: 512, Environment: { Variables: settings } });
    await create({ FunctionName: 'tiny-arm64', MemorySize: 256, Architectures: ['arm64'] });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    endpointUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }, 60_000);

  beforeEach(async () => {
    noted.length = 0;
    host = { ...thisHost, env: { ...thisHost.env, COLDPRESS_CACHE_DIR: await emptyFolder() } };
  });

  afterAll(async () => {
    await lambda?.close();
    server.close();
    moto?.close();
  });

  const short = { functionNames: ['tiny'], samples: 2, discard: 0, warm: 2, event: '{}' };

  test('is started anew for each sample, at each memory size, and put back', {
    timeout: 60_000,
  }, async () => {
    const { variants, summaries } = await benchAws({ ...short, host, endpointUrl, memoryMb: [256, 1024] });
    expect(variants.map(({ name, memoryMb }) => [name, memoryMb])).toEqual([
      ['tiny @256', 256],
      ['tiny @1024', 1024],
    ]);
    for (const { samples } of variants) {
      expect(samples).toHaveLength(2);
      for (const { phases, initMs, answerMs, totalMs, warmMs } of samples) {
        expect(phases).toMatchObject({ native: 1, model: 2, first: 0.5 });
        expect(phases.platform + initMs + answerMs).toBeCloseTo(totalMs);
        expect(initMs).toBeGreaterThan(0);
        expect(warmMs).toHaveLength(2);
      }
    }
    expect(summaries[1]!.totalMs.value).toBeGreaterThan(0);
    const marks = noted.slice(0, -1).map(({ Environment }) => Environment!.Variables.COLDPRESS_BENCH);
    expect(new Set(marks).size).toBe(4);
    expect(noted.at(-1)).toMatchObject({ MemorySize: 512, Environment: { Variables: settings } });
    expect(noted.at(-1)!.Environment!.Variables).toEqual(settings);
    expect(await openJournal(host.env).list()).toEqual([]);
  });

  test('beside one of another architecture', { timeout: 60_000 }, async () => {
    const functionNames = ['tiny', 'tiny-arm64'];
    const { variants, costs } = await benchAws({ ...short, functionNames, samples: 1, host, endpointUrl });
    expect(costs.map(({ region }) => region)).toEqual(['us-east-1', 'us-east-1']);
    expect(variants.map(({ name, architecture, memoryMb }) => [name, architecture, memoryMb])).toEqual([
      ['tiny', 'x64', 512],
      ['tiny-arm64', 'arm64', 256],
    ]);
    // In either order: nothing depends on it.
    const restored = noted.slice(-2).sort((a, b) => b.MemorySize! - a.MemorySize!);
    expect(restored).toEqual([
      { MemorySize: 512, Environment: { Variables: settings } },
      { MemorySize: 256, Environment: { Variables: {} } },
    ]);
  });

  test('that fails gives no numbers, and is put back', { timeout: 60_000 }, async () => {
    const event = '{"fail":true}';
    await expect(benchAws({ ...short, host, endpointUrl, event })).rejects.toMatchObject({
      code: 'BENCH_FUNCTION_FAILED',
      message: expect.stringContaining('tiny failed in its first request'),
    });
    expect(noted.at(-1)!.Environment!.Variables).toEqual(settings);
  });

  const killed = (): AwsEntry => ({
    kind: 'aws' as const,
    functionName: 'tiny',
    endpointUrl,
    memoryMb: 512,
    sizesMb: [768],
    environment: settings,
    startedAt: '2026-11-20',
    pid: endedPid(),
  });

  /** The function as somebody sets it, past the benchmark. */
  async function setTiny(memoryMb: number, variables: Record<string, string>) {
    const { LambdaClient, UpdateFunctionConfigurationCommand } = await import('@aws-sdk/client-lambda');
    const change = { FunctionName: 'tiny', MemorySize: memoryMb, Environment: { Variables: variables } };
    await new LambdaClient().send(new UpdateFunctionConfigurationCommand(change));
  }

  test('that was left changed by a killed benchmark is put back by --restore', {
    timeout: 60_000,
  }, async () => {
    await openJournal(host.env).write(killed());
    await setTiny(768, { ...settings, COLDPRESS_BENCH: 'mark' });
    expect(await restoreFunctions({ host })).toEqual(['tiny']);
    expect(noted).toEqual([{ MemorySize: 512, Environment: { Variables: settings } }]);
    expect(await restoreFunctions({ host })).toEqual([]);
  });

  test.each([
    ['its variables, so that the mark is gone', 1536, { A_SETTING: 'new' }],
    ['a variable beside the mark', 768, { A_SETTING: 'new', COLDPRESS_BENCH: 'mark' }],
    ['its memory', 1536, { ...settings, COLDPRESS_BENCH: 'mark' }],
  ])('that somebody else has changed since, %s, stays as it is', async (_, memoryMb, variables) => {
    await openJournal(host.env).write(killed());
    await setTiny(memoryMb, variables);
    await expect(restoreFunctions({ host })).rejects.toMatchObject({
      code: 'BENCH_CHANGED',
      hint: expect.stringMatching(/512 MB and the variables A_SETTING/),
    });
    expect(noted).toEqual([]);
    expect(await openJournal(host.env).list()).toEqual([]);
    await setTiny(512, settings);
  });

  test('that another benchmark measures is left to it', { timeout: 60_000 }, async () => {
    const entry = {
      ...({ kind: 'aws', functionName: 'tiny', endpointUrl, memoryMb: 512, environment: settings } as const),
      startedAt: '2026-11-20',
      pid: process.pid,
      region: 'us-east-1',
    };
    const journal = openJournal(host.env);
    await journal.write(entry);
    expect(await restoreFunctions({ host })).toEqual([]);
    await expect(
      benchAws({ ...short, functionNames: ['tiny-arm64', 'tiny'], host, endpointUrl }),
    ).rejects.toMatchObject({ code: 'BENCH_RUNNING' });
    expect(noted).toEqual([]);
    expect(await journal.list()).toEqual([entry]);
    expect(await restoreFunctions({ host, evenRunning: true })).toEqual(['tiny']);
  });

  test('costs what AWS bills, which the network is not', { timeout: 60_000 }, async () => {
    const { variants, costs } = await benchAws({ ...short, samples: 1, host, endpointUrl });
    const [{ initMs, answerMs, totalMs }] = variants[0]!.samples as [Sample];
    expect(totalMs).toBeGreaterThan(initMs + answerMs);
    expect(costs[0]!.perMillionCold).toBeCloseTo(
      0.2 + 1000 * Math.ceil(initMs + answerMs) * 0.5 * 0.0000166667,
    );
  });

  test('that takes traffic is refused', { timeout: 60_000 }, async () => {
    const { LambdaClient, CreateAliasCommand, DeleteAliasCommand } = await import('@aws-sdk/client-lambda');
    const client = new LambdaClient();
    const alias = { FunctionName: 'tiny', Name: 'live' };
    await client.send(new CreateAliasCommand({ ...alias, FunctionVersion: '$LATEST' }));
    await expect(benchAws({ ...short, host, endpointUrl })).rejects.toMatchObject({
      code: 'AWS_TAKES_TRAFFIC',
      message: expect.stringContaining('the alias live'),
    });
    expect(noted).toEqual([]);
    await client.send(new DeleteAliasCommand(alias));
  });

  test('that a service may invoke is refused, too', { timeout: 60_000 }, async () => {
    const { LambdaClient, AddPermissionCommand, RemovePermissionCommand } = await import(
      '@aws-sdk/client-lambda'
    );
    const client = new LambdaClient();
    const permission = { FunctionName: 'tiny', StatementId: 'api' };
    const Principal = 'apigateway.amazonaws.com';
    await client.send(
      new AddPermissionCommand({ ...permission, Action: 'lambda:InvokeFunction', Principal }),
    );
    await expect(benchAws({ ...short, host, endpointUrl })).rejects.toMatchObject({
      code: 'AWS_TAKES_TRAFFIC',
      message: expect.stringContaining('the permission of apigateway.amazonaws.com'),
    });
    await client.send(new RemovePermissionCommand(permission));
  });

  test('that is not there, or is a version', async () => {
    await expect(
      benchAws({ ...short, host, endpointUrl, functionNames: ['tiny', 'other'] }),
    ).rejects.toMatchObject({
      code: 'AWS_FUNCTION_NOT_FOUND',
    });
    expect(noted).toEqual([]);
    await expect(benchAws({ ...short, host, endpointUrl, functionNames: ['tiny:3'] })).rejects.toMatchObject({
      code: 'BENCH_QUALIFIER',
    });
  });

  test('the command prints the result, and puts the function back', { timeout: 60_000 }, async () => {
    const result = await run(
      ['bench', '--aws', 'tiny', '--endpoint-url', endpointUrl, '--samples', '1', '--warm', '0', '--json'],
      {
        env: {
          ...host.env,
          AWS_REGION: 'us-east-1',
          AWS_ACCESS_KEY_ID: 'test',
          AWS_SECRET_ACCESS_KEY: 'test',
        },
      },
    );
    expect(result.code, result.stderr).toBe(0);
    expect(JSON.parse(result.stdout).warnings).toContainEqual(
      expect.objectContaining({ code: 'single-sample' }),
    );
    expect(noted.at(-1)!.Environment!.Variables).toEqual(settings);
  });

  test('Ctrl-C puts the function back', { timeout: 60_000 }, async () => {
    const { child, ended } = start(
      ['bench', '--aws', 'tiny', '--endpoint-url', endpointUrl, '--samples', '500'],
      {
        env: { ...credentials, COLDPRESS_CACHE_DIR: host.env.COLDPRESS_CACHE_DIR! },
      },
    );
    await expect.poll(() => noted.length, { timeout: 20_000 }).toBeGreaterThan(1);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(noted.at(-1)!.Environment!.Variables).toEqual(settings);
    expect(await openJournal(host.env).list()).toEqual([]);
  });
});
