import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openArtifact } from '../../lib/artifact.ts';
import { run } from '../cli/coldpress.ts';
import { makeScratch, packExample } from '../packed/pack-example.ts';
import { type LambdaState, startLambdaApi } from './lambda-api.ts';

/** A deployed Lambda function compared with an artifact, through AWS's own client. */

const scratch = makeScratch();
const arn = 'arn:aws:lambda:eu-west-1:123456789012:layer:coldpress:3';
const env = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
};

let dir: string;
let state: LambdaState;
let lambda: Awaited<ReturnType<typeof startLambdaApi>>;

beforeAll(async () => {
  dir = await packExample(scratch, 'aws-lambda');
  state = { configuration: {}, code: new Uint8Array(), layers: {} };
  lambda = await startLambdaApi(state);
}, 60_000);

afterAll(() => lambda?.close());

const manifest = () => openArtifact(dir).manifest;
const zip = (name: string) => new Uint8Array(readFileSync(join(dir, name)));

beforeEach(() => {
  const { runtime, handler, architecture } = manifest();
  Object.assign(state, {
    configuration: {
      Runtime: runtime,
      Handler: handler,
      MemorySize: 512,
      Architectures: [architecture === 'x64' ? 'x86_64' : 'arm64'],
    },
    code: zip('function.zip'),
    layers: { 'arn:aws:lambda:eu-west-1:123456789012:layer:theirs:1': zipSync({}), [arn]: zip('layer.zip') },
    image: undefined,
  });
  rmSync(join(scratch, 'coldpress.lock.json'), { force: true });
});

async function doctor(...more: string[]) {
  const args = ['doctor', dir, '--aws', 'churn:live', '--endpoint-url', lambda.url, ...more];
  return run(args, { cwd: scratch, env });
}

async function rows() {
  const { code, stdout } = await doctor('--json');
  const { deployed, findings } = JSON.parse(stdout);
  return {
    code,
    differs: deployed.rows.flatMap(({ what, equal }: { what: string; equal: boolean }) =>
      equal ? [] : what,
    ),
    found: findings.map(({ id }: { id: string }) => id),
    rows: deployed.rows,
  };
}

test('what was packed is deployed', async () => {
  const { code, stdout } = await doctor();
  expect([code, stdout]).toEqual([0, expect.stringContaining('churn:live, version 7 on AWS Lambda')]);
  expect(stdout).toMatch(/^ {2}code +[0-9a-f]{12}… +[0-9a-f]{12}… +same$/m);
  const { rows: all, differs } = await rows();
  expect(all.map(({ what }: { what: string }) => what)).toEqual([
    ...['code', 'layer', 'model', 'coldpress', 'engine', 'runtime', 'CPU', 'handler', 'memory'],
  ]);
  expect(differs).toEqual([]);
});

test('another tool zipped the same files', async () => {
  state.code = zipSync(unzipSync(state.code), { level: 1 });
  state.layers[arn] = zipSync(unzipSync(state.layers[arn]!), { level: 1 });
  expect(await rows()).toMatchObject({ code: 0, differs: [] });
}, 30_000);

/** The deployed code with other contents of some files; `null` removes a file. */
function changeCode(files: Record<string, string | null>) {
  const entries = unzipSync(state.code);
  for (const [path, text] of Object.entries(files)) {
    if (text === null) {
      delete entries[path];
    } else {
      entries[path] = Buffer.from(text);
    }
  }
  state.code = zipSync(entries, { level: 0 });
}

const withManifest = (changes: object) => ({
  'coldpress.json': JSON.stringify({ ...manifest(), ...changes }),
});

test.each<[what: string, change: () => void, differs: string[], found: string[]]>([
  ['a file of the code', () => changeCode({ 'index.mjs': '' }), ['code'], ['deployed-drift']],
  ['a file more', () => changeCode({ 'other.mjs': '' }), ['code'], ['deployed-drift']],
  ['a setting', () => changeCode(withManifest({ http: {} })), ['code'], ['deployed-drift']],
  [
    'code that coldpress did not pack',
    () => changeCode({ 'coldpress.json': null }),
    ['code'],
    ['deployed-drift'],
  ],
  ['code that is not a zip', () => (state.code = Buffer.from('no')), ['code'], ['deployed-drift']],
  [
    'the model and the versions',
    () =>
      changeCode(
        withManifest({
          model: { ...manifest().model, sha256: 'a'.repeat(64) },
          versions: { ...manifest().versions, coldpress: '0.0.1', onnxruntime: '1.20.0' },
        }),
      ),
    ['code', 'model', 'coldpress', 'engine'],
    ['deployed-drift'],
  ],
  ['the layer', () => (state.layers[arn] = zipSync({})), ['layer'], ['deployed-drift']],
  ['no layer', () => (state.layers = {}), ['layer'], ['deployed-drift']],
  [
    'an image',
    () => (state.image = { ImageUri: 'i:1', ResolvedImageUri: `i@sha256:${'a'.repeat(64)}` }),
    ['code'],
    ['deployed-drift'],
  ],
  [
    'the settings',
    () =>
      (state.configuration = {
        Runtime: 'nodejs18.x',
        Handler: 'other.handler',
        MemorySize: 128,
        Architectures: [manifest().architecture === 'x64' ? 'arm64' : 'x86_64'],
      }),
    ['runtime', 'CPU', 'handler', 'memory'],
    [...Array(4).fill('deployed-settings'), 'deprecated-runtime'],
  ],
])(
  '%s differs',
  async (_, change, differs, found) => {
    change();
    expect(await rows()).toMatchObject({ code: 3, differs, found });
  },
  30_000,
);

test('the lock decides as well', async () => {
  const { name, architecture, versions, model, runtime } = manifest();
  const entry = {
    ...versions,
    esbuild: '0.28.2',
    model: model.sha256,
    options: { runtime },
    packages: {},
  };
  const write = (changes: object) => {
    const packed = { [`${name} aws-lambda/${architecture}`]: { ...entry, ...changes } };
    writeFileSync(join(scratch, 'coldpress.lock.json'), JSON.stringify({ packed }));
  };
  write({});
  expect(await rows()).toMatchObject({ code: 0, differs: [] });
  write({ coldpress: '0.0.1' });
  expect(await rows()).toMatchObject({ code: 3, differs: ['coldpress'], found: ['lock-drift'] });
});

test('code that cannot be downloaded is an error', async () => {
  state.code = new Uint8Array();
  expect(await doctor()).toMatchObject({ code: 2, stderr: expect.stringContaining('DEPLOYED_UNREADABLE') });
});

test.each<[args: string[], code: string]>([
  [['--aws', 'missing'], 'AWS_FUNCTION_NOT_FOUND'],
  [['--aws', 'churn', '--gcf', 'churn'], 'OPTION_CONFLICT'],
  [['--aws', 'churn', '--project', 'p'], 'OPTION_CONFLICT'],
  [['--region', 'eu-west-1'], 'OPTION_CONFLICT'],
  [['--gcf', 'churn'], 'OPTION_MISSING'],
  [['--gcf', 'churn', '--project', 'p', '--region', 'r'], 'ARTIFACT_TARGET'],
])('%s: %s', async (args, code) => {
  const endpoint = args.includes('missing') ? ['--endpoint-url', lambda.url] : [];
  const { stderr } = await run(['doctor', dir, ...args, ...endpoint], { cwd: scratch, env });
  expect(stderr).toContain(code);
});
