import {
  CreateAliasCommand,
  CreateFunctionCommand,
  GetAliasCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pruneVersions } from '../../lib/aws/prune.ts';
import { rollbackAws } from '../../lib/aws/rollback.ts';
import { run } from '../cli/coldpress.ts';
import { hasMoto, startMoto } from '../runtime/sinks/moto.ts';

const functionName = 'churn';
const codeOf = (text: string) => zipSync({ 'index.mjs': Buffer.from(text) });

describe.skipIf(!hasMoto)('an alias is pointed back (needs moto_server)', () => {
  let moto: { close: () => void };

  beforeAll(async () => {
    moto = await startMoto();
    const role = new URLSearchParams({
      Action: 'CreateRole',
      Version: '2010-05-08',
      RoleName: 'r',
      AssumeRolePolicyDocument: '{}',
    });
    const authorization =
      'AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0';
    await fetch(process.env.AWS_ENDPOINT_URL!, { method: 'POST', headers: { authorization }, body: role });
    const client = new LambdaClient();
    await client.send(
      new CreateFunctionCommand({
        FunctionName: functionName,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Publish: true,
        Role: 'arn:aws:iam::123456789012:role/r',
        Code: { ZipFile: codeOf('1') },
      }),
    );
    for (const text of ['2', '3']) {
      const change = { FunctionName: functionName, ZipFile: codeOf(text), Publish: true };
      await client.send(new UpdateFunctionCodeCommand(change));
    }
    const alias = { FunctionName: functionName, Name: 'live', FunctionVersion: '3' };
    await client.send(new CreateAliasCommand(alias));
  }, 60_000);

  afterAll(() => moto?.close());

  const current = async () => {
    const alias = { FunctionName: functionName, Name: 'live' };
    return (await new LambdaClient().send(new GetAliasCommand(alias))).FunctionVersion;
  };

  test('to the version before, to one that is named, and to none that is not there', async () => {
    expect(await rollbackAws({ functionName })).toEqual({ alias: 'live', from: '3', to: '2' });
    expect(await current()).toBe('2');
    const { stdout } = await run(['rollback', functionName, '--aws', '--json'], {
      env: process.env as Record<string, string>,
    });
    expect(JSON.parse(stdout)).toMatchObject({ from: '2', to: '1' });
    await expect(rollbackAws({ functionName })).rejects.toMatchObject({ code: 'ROLLBACK_IMPOSSIBLE' });
    expect(await rollbackAws({ functionName, to: '3' })).toMatchObject({ to: '3' });
    await expect(rollbackAws({ functionName, to: '9' })).rejects.toMatchObject({
      code: 'ROLLBACK_IMPOSSIBLE',
      hint: expect.stringContaining('it has: 1, 2, 3'),
    });
    expect(await current()).toBe('3');
  });

  test('all but the newest versions go, and none that an alias points to', async () => {
    const env = process.env as Record<string, string>;
    await rollbackAws({ functionName, to: '1' });
    const { stdout } = await run(['rollback', functionName, '--aws', '--prune', '1', '--json'], { env });
    expect(JSON.parse(stdout)).toEqual({ kept: [3, 1], deleted: [2] });
    expect(await pruneVersions({ functionName, keep: 1 })).toEqual({ kept: [3, 1], deleted: [] });
    expect(await current()).toBe('1');
    await expect(rollbackAws({ functionName, to: '2' })).rejects.toMatchObject({
      code: 'ROLLBACK_IMPOSSIBLE',
    });
  });

  test('of a function that is not there', async () => {
    await expect(rollbackAws({ functionName: 'other' })).rejects.toMatchObject({
      code: 'AWS_FUNCTION_NOT_FOUND',
    });
  });
});

test.each([
  [['--prune', '0', '--aws'], 'OPTION_OUT_OF_RANGE'],
  [['--prune', 'x', '--aws'], 'OPTION_OUT_OF_RANGE'],
  [['--prune', '2', '--aws', '--to', '1'], 'OPTION_CONFLICT'],
  [['--prune', '2'], 'OPTION_CONFLICT'],
])('%s: %s', async (args, code) => {
  const { stderr } = await run(['rollback', functionName, ...args]);
  expect(stderr).toContain(code);
});
