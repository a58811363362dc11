import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { diagnose } from '../../lib/doctor/diagnose.ts';
import { MANIFEST_FILE, type Manifest } from '../../lib/manifest.ts';
import { pack } from '../../lib/pack/pack.ts';
import { folder, root, run } from '../cli/coldpress.ts';
import { doubling } from '../cli/workspace.ts';

const today = new Date('2026-11-21');
const cwd = folder('doctor');
const packed = join(cwd, 'packed');

beforeAll(async () => {
  writeFileSync(join(cwd, 'model.onnx'), doubling());
  const env = { ...process.env, COLDPRESS_CACHE_DIR: folder('cache') };
  await pack({ cwd, env, model: 'model.onnx', arch: 'x64', out: 'packed' });
});

/** A project of these files, in a folder of its own. */
function project(name: string, files: Record<string, string | Buffer>): string {
  const dir = join(cwd, name);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(dir, path, '..'), { recursive: true });
    writeFileSync(join(dir, path), content);
  }
  return dir;
}

async function found(subject: string, at = today) {
  const { findings } = await diagnose(subject, { cwd, today: at });
  return findings.map(({ id }) => id);
}

describe('an artifact', () => {
  const copy = (name: string) => {
    cpSync(packed, join(cwd, name), { recursive: true });
    return join(cwd, name);
  };
  const edit = (dir: string, change: (manifest: Manifest) => void) => {
    const path = join(dir, 'function', MANIFEST_FILE);
    const manifest: Manifest = JSON.parse(readFileSync(path, 'utf8'));
    change(manifest);
    writeFileSync(path, JSON.stringify(manifest));
  };

  test('as it was packed has nothing, by its folder and by that of its function', async () => {
    expect(await diagnose('packed', { cwd, today })).toMatchObject({ looked: 'artifact', findings: [] });
    expect(await found('packed/function')).toEqual([]);
  });

  const cases: [what: string, id: string, change: (dir: string) => void][] = [
    ['other versions', 'version-drift', dir => edit(dir, m => (m.versions.onnxruntime = '1.20.0'))],
    [
      'a file that was edited',
      'changed-after-packing',
      dir => appendFileSync(join(dir, 'function/index.mjs'), '//'),
    ],
    [
      'a file that is gone',
      'changed-after-packing',
      dir => rmSync(join(dir, 'function/model'), { recursive: true }),
    ],
    [
      'no layer',
      'stale-layer',
      dir => ['layer', 'layer.zip'].map(name => rmSync(join(dir, name), { recursive: true })),
    ],
    ['another CPU', 'wrong-architecture', dir => edit(dir, m => (m.architecture = 'arm64'))],
    ['a runtime that is over', 'deprecated-runtime', dir => edit(dir, m => (m.runtime = 'nodejs18.x'))],
    ['too many threads', 'threads', dir => edit(dir, m => (m.model.session.intraOpNumThreads = 64))],
    ['too many bytes', 'package-too-large', dir => edit(dir, m => (m.files[0]!.sizeBytes = 3e8))],
    ['half a manifest', 'ARTIFACT_INVALID', dir => writeFileSync(join(dir, 'function', MANIFEST_FILE), '{')],
  ];

  test.each(cases)('with %s: %s', async (what, id, change) => {
    const dir = copy(what.replaceAll(' ', '-'));
    change(dir);
    expect(await found(dir)).toContain(id);
  });

  test('of a runtime that ends is told before it does', async () => {
    expect(await found('packed', new Date('2028-03-01'))).toEqual(['runtime-ends-soon']);
    expect(await found('packed', new Date('2028-05-01'))).toEqual(['deprecated-runtime']);
  });
});

describe('a model', () => {
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n';
  const cases: [string, string | Buffer, string[]][] = [
    ['fine.onnx', doubling(), []],
    ['half.onnx', doubling().subarray(0, 40), ['MODEL_TRUNCATED']],
    ['pointer.onnx', pointer, ['MODEL_IS_LFS_POINTER']],
    ['page.onnx', '<!doctype html><html></html>', ['MODEL_IS_HTML']],
  ];

  test.each(cases)('%s', async (name, content, ids) => {
    writeFileSync(join(cwd, name), content);
    expect(await found(name)).toEqual(ids);
  });
});

/** A template with a URL for a function, and permissions for the actions. */
function template(authType: string, actions: string[]): string {
  const permissions = actions.map((Action, index) => [
    `Permission${index}`,
    {
      Type: 'AWS::Lambda::Permission',
      Properties: { Action, Principal: '*', FunctionName: { 'Fn::GetAtt': ['Fn', 'Arn'] } },
    },
  ]);
  return JSON.stringify({
    Resources: {
      Fn: { Type: 'AWS::Lambda::Function', Properties: { Runtime: 'nodejs24.x' } },
      Url: {
        Type: 'AWS::Lambda::Url',
        Properties: { AuthType: authType, TargetFunctionArn: { 'Fn::GetAtt': ['Fn', 'Arn'] } },
      },
      ...Object.fromEntries(permissions),
    },
  });
}

const [invokeUrl, invoke] = ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'] as const;

describe('a project', () => {
  const sources: [what: string, files: Record<string, string | Buffer>, ids: string[]][] = [
    ['nothing of interest', { 'index.ts': 'export const a = 1;' }, []],
    [
      'onnxruntime-node that may run its script',
      { 'package.json': '{"dependencies":{"onnxruntime-node":"1.30.0"}}' },
      ['cuda-download'],
    ],
    [
      'onnxruntime-node that may not',
      {
        'package.json':
          '{"dependencies":{"onnxruntime-node":"1.30.0"},"allowScripts":{"onnxruntime-node":false}}',
      },
      [],
    ],
    ['the CDK by accident', { 'package.json': '{"devDependencies":{"aws-cdk":"^3.0.0"}}' }, ['wrong-cdk']],
    [
      'a loader that copies, on a command line',
      { 'package.json': '{"scripts":{"build":"esbuild a.ts --loader:.node=copy"}}' },
      ['library-not-beside'],
    ],
    [
      'a loader that copies',
      { 'esbuild.config.mjs': "build({ loader: { '.node': 'copy' } });" },
      ['library-not-beside'],
    ],
    [
      'a loader that gives paths',
      { 'esbuild.config.mjs': "build({ loader: { '.node': 'file' } });" },
      ['binding-is-a-path'],
    ],
    ['a runtime that is over', { 'template.yaml': 'Runtime: nodejs18.x\n' }, ['deprecated-runtime']],
    ['a runtime of CDK that is over', { 'app.ts': 'runtime: Runtime.NODEJS_20_X,' }, ['deprecated-runtime']],
    ['one that is not', { 'template.yaml': 'Runtime: nodejs24.x\n' }, []],
    [
      'a handler with a callback',
      { 'handler.js': 'exports.handler = (event, context, callback) => {}' },
      ['callback-handler'],
    ],
    [
      'records scored one by one',
      { 'index.ts': 'for (const record of event.Records) {\n  await session.run(read(record));\n}' },
      ['record-by-record'],
    ],
    [
      'a public URL with one permission',
      { 'a.template.json': template('NONE', [invokeUrl]) },
      ['function-url-forbidden'],
    ],
    ['a public URL with both', { 'a.template.json': template('NONE', [invokeUrl, invoke]) }, []],
    [
      'a URL of IAM with half of it',
      { 'a.template.json': template('AWS_IAM', [invokeUrl]) },
      ['function-url-forbidden'],
    ],
    ['a URL of IAM without permissions', { 'a.template.json': template('AWS_IAM', []) }, []],
    ['half a model', { 'models/a.onnx': doubling().subarray(0, 40) }, ['MODEL_TRUNCATED']],
    [
      'a config that is wrong',
      { 'coldpress.config.mjs': "export default { sampels: 'a' };" },
      ['CONFIG_INVALID'],
    ],
    [
      'another engine',
      { 'node_modules/onnxruntime-node/package.json': '{"name":"onnxruntime-node","version":"1.20.1"}' },
      ['version-drift'],
    ],
  ];

  test.each(sources)('with %s', async (what, files, ids) => {
    expect(await found(project(`project ${what}`, files))).toEqual(ids);
  });

  test('whose artifact is of another model is told so', async () => {
    const dir = project('drifted', {
      'coldpress.config.mjs': "export default { model: './model.onnx', arch: 'x64' };",
      'model.onnx': readFileSync(join(cwd, 'model.onnx')),
    });
    cpSync(packed, join(dir, 'build'), { recursive: true });
    expect(await found(dir)).toEqual([]);
    writeFileSync(join(dir, 'model.onnx'), readFileSync(join(root, 'examples/breast-cancer/model.onnx')));
    expect(await found(dir)).toEqual(['config-drift']);
  });
});

describe('the command', () => {
  test('names cause, fix and command of a pasted error, and ends with 3', async () => {
    const { code, stdout } = await run(['doctor', 'Error:', 'Non tensor type is temporarily not supported.']);
    expect(stdout).toMatch(/^zip-map$/m);
    expect(stdout).toContain('npx coldpress pack MODEL --out build');
    expect(code).toBe(3);
  });

  test('reads an excerpt of a log from stdin', async () => {
    const stdin = '{"textPayload":"Memory limit of 512 MiB exceeded with 530 MiB used."}\n';
    const { code, stdout } = await run(['doctor', '-', '--json'], { stdin });
    expect(JSON.parse(stdout).findings.map(({ id }: { id: string }) => id)).toEqual(['out-of-memory']);
    expect(code).toBe(3);
  });

  test('says of unknown text that it is unknown, and ends with 0', async () => {
    const { code, stdout } = await run(['doctor', 'something went wrong']);
    expect(stdout).toMatch(/^Nothing that coldpress knows/);
    expect(code).toBe(0);
  });

  test('ends with 0 for an artifact in order', async () => {
    expect(await run(['doctor', packed])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/nothing found/),
    });
  });

  test('refuses a path where nothing is', async () => {
    const { code, stderr } = await run(['doctor', './nothing/here.onnx'], { cwd });
    expect(stderr).toMatch(/^FILE_UNREADABLE: .*here\.onnx/);
    expect(code).toBe(2);
  });
});
