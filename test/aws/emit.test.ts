import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { folder, run } from '../cli/coldpress.ts';
import { makeScratch, packExample } from '../packed/pack-example.ts';

const scratch = makeScratch();
let packed: string;

beforeAll(async () => {
  packed = await packExample(scratch, 'aws-lambda');
}, 60_000);

const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';

async function emit(tool: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run([
    'deploy',
    packed,
    '--target',
    'aws-lambda',
    '--emit',
    tool,
    ...args,
  ]);
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
}

test('SAM gets the two zips and OnnxFunction’s defaults', async () => {
  const { Resources } = JSON.parse(await emit('sam'));
  expect(Resources.Function.Properties).toMatchObject({
    FunctionName: 'breast-cancer',
    CodeUri: join(packed, 'function.zip'),
    Runtime: 'nodejs24.x',
    Architectures: [architecture],
    MemorySize: 512,
    Timeout: 30,
    Layers: [{ Ref: 'OnnxRuntimeLayer' }],
    LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: 'FunctionLogs' } },
    Tags: { 'coldpress:model': 'breast-cancer' },
  });
  expect(Resources.OnnxRuntimeLayer.Properties.ContentUri).toBe(join(packed, 'layer.zip'));
  const [policy] = Resources.FunctionRole.Properties.Policies;
  expect(policy.PolicyDocument.Statement[0].Action).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
});

test('Terraform gets the same, and references to resources that it declares', async () => {
  const config = JSON.parse(await emit('terraform'));
  expect(config.resource.aws_lambda_function.function).toMatchObject({
    function_name: 'breast-cancer',
    filename: join(packed, 'function.zip'),
    runtime: 'nodejs24.x',
    architectures: [architecture],
    memory_size: 512,
    timeout: 30,
    tags: { 'coldpress:model': 'breast-cancer' },
  });
  const names = [...JSON.stringify(config).matchAll(/\$\{(aws_\w+)\.(\w+)\.(?:arn|id|name)\}/g)];
  expect(names.length).toBeGreaterThan(4);
  for (const [, type, name] of names) {
    expect(config.resource[type!]).toHaveProperty(name!);
  }
  const policy = JSON.parse(config.resource.aws_iam_role_policy.logs.policy);
  expect(policy.Statement[0].Resource).toMatch(/^\$\{aws_cloudwatch_log_group\.function\.arn\}:\*$/);
  expect(config.output.invoke.value).toContain('--function-name breast-cancer');
});

const hasCfnLint = spawnSync('cfn-lint', ['--version']).status === 0;

test.skipIf(!hasCfnLint)(
  'cfn-lint finds nothing in SAM’s template',
  async () => {
    const path = join(folder('sam'), 'template.json');
    writeFileSync(path, await emit('sam'));
    const { stdout, status } = spawnSync('cfn-lint', ['-t', path], { encoding: 'utf8' });
    expect([stdout, status]).toEqual(['', 0]);
  },
  60_000,
);

const once = ['logs create-log-group', 'iam create-role'];

test.skipIf(process.platform === 'win32').each([
  ['the first time', ['lambda get-function'], ['lambda create-function', 'lambda wait']],
  [
    'again',
    once,
    ['lambda update-function-configuration', 'lambda wait', 'lambda update-function-code', 'lambda wait'],
  ],
  ['after a failure half-way', [...once, 'lambda get-function'], ['lambda create-function', 'lambda wait']],
])('a shell makes of the script the commands that deploy, %s', async (_, refused, last) => {
  const dir = folder('aws-cli');
  const log = join(dir, 'calls');
  rmSync(log, { force: true });
  // In place of AWS's program, one that writes down what it is called with and answers what a query would.
  writeFileSync(
    join(dir, 'aws'),
    `#!${process.execPath}\nconst args = process.argv.slice(2);
     require('node:fs').appendFileSync(${JSON.stringify(log)}, JSON.stringify(args) + '\\n');
     if (${JSON.stringify(refused)}.includes(args.slice(0, 2).join(' '))) process.exit(254);
     console.log('arn:' + args[1]);`,
  );
  writeFileSync(join(dir, 'sleep'), '#!/bin/sh\n');
  for (const name of ['aws', 'sleep']) {
    chmodSync(join(dir, name), 0o755);
  }
  const script = await emit('aws-cli', '--name', 'churn', '--memory', '1024', '--timeout', '10');
  const { status, stderr } = spawnSync('sh', ['-c', script], {
    env: { PATH: [dir, process.env.PATH].join(delimiter) },
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  const calls = readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as string[]);
  expect(calls.map(call => call.slice(0, 2).join(' '))).toEqual([
    'logs create-log-group',
    'logs put-retention-policy',
    'logs describe-log-groups',
    'iam create-role',
    'iam get-role',
    'iam put-role-policy',
    'lambda publish-layer-version',
    'lambda get-function',
    ...last,
  ]);
  const options = (command: string) => {
    const call = calls.find(([, name]) => name === command)!.slice(2);
    return Object.fromEntries(
      call.flatMap((word, i) => (word.startsWith('--') ? [[word.slice(2), call[i + 1]]] : [])),
    );
  };
  const made = last.flatMap(command => Object.entries(options(command.split(' ')[1]!)));
  expect(Object.fromEntries(made)).toMatchObject({
    'function-name': 'churn',
    description: 'the model breast-cancer, packed by coldpress',
    runtime: 'nodejs24.x',
    architectures: architecture,
    handler: 'index.handler',
    'memory-size': '1024',
    timeout: '10',
    'zip-file': `fileb://${join(packed, 'function.zip')}`,
    'logging-config': 'LogFormat=JSON,LogGroup=/coldpress/churn',
    role: 'arn:get-role',
    layers: 'arn:publish-layer-version',
  });
  expect(JSON.parse(options('put-role-policy')['policy-document']!).Statement).toEqual([
    {
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: 'arn:describe-log-groups',
    },
  ]);
  expect(JSON.parse(options('create-role')['assume-role-policy-document']!)).toMatchObject({
    Version: '2012-10-17',
  });
});

test.each([
  [['--target', 'aws-lambda'], 'OPTION_MISSING'],
  [['--target', 'aws-lambda', '--emit', 'gcloud'], 'OPTION_CONFLICT'],
  [['--target', 'aws-lambda', '--emit', 'sam', '--project', 'mine'], 'OPTION_CONFLICT'],
  [['--target', 'gcf', '--emit', 'sam'], 'OPTION_CONFLICT'],
  [['--target', 'aws-lambda', '--emit', 'sam', '--name', 'a b'], 'OPTION_INVALID'],
  [['--target', 'aws-lambda', '--emit', 'sam', '--memory', '20000'], 'OPTION_OUT_OF_RANGE'],
  [['--target', 'aws-lambda', '--emit', 'aws-cli', '--timeout', '0'], 'OPTION_OUT_OF_RANGE'],
])('refuses %j', async (args, expected) => {
  const { code, stderr } = await run(['deploy', packed, ...args]);
  expect(stderr).toMatch(new RegExp(`^${expected}: `));
  expect(code).toBe(2);
});
