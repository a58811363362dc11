import { appendFileSync, chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** The same in YAML, as people write it; the permissions name the function in three ways. */
function yaml(authType: string, actions: string[]): string {
  const names = ['!Ref Fn', '!GetAtt Fn.Arn', `!Sub "\${Fn.Arn}"`];
  const permissions = actions.map(
    (action, index) => `
  Permission${index}:
    Type: AWS::Lambda::Permission
    Properties: { Action: ${action}, Principal: '*', FunctionName: ${names[index]} }`,
  );
  return `Transform: AWS::Serverless-2016-10-31
Conditions:
  IsLive: !Equals [!Ref Stage, live]
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Layers: [!If [IsLive, !Ref Layer, !Ref AWS::NoValue]]
  Url:
    Type: AWS::Lambda::Url
    Properties:
      AuthType: ${authType}
      TargetFunctionArn: !GetAtt Fn.Arn
${permissions.join('')}
`;
}

/** A module of Terraform's with a URL for a function, and permissions for the actions. */
function terraform(authType: string, actions: string[]): string {
  const permissions = actions.map(
    (action, index) => `
resource "aws_lambda_permission" "p${index}" {
  action        = ${action.startsWith('each') ? action : `"${action}"`}
  function_name = ${index === 0 ? 'aws_lambda_function.fn.arn' : '"fn"'} # of one function
  principal     = "*"
}`,
  );
  return `
/* resource "aws_lambda_function_url" "none" { */
resource "aws_lambda_function" "fn" {
  function_name = "fn"
  description   = "a } in a string, \${jsonencode({ "b" = "}" })}"
  tags = {
    a = <<-EOT
      no block {
    EOT
  }
}
resource "aws_lambda_function_url" "fn" {
  function_name      = aws_lambda_function.fn.function_name
  authorization_type = "${authType}"
}
${permissions.join('\n')}
`;
}

function lockOf(version: string): string {
  return `provider "registry.terraform.io/hashicorp/aws" {\n  version     = "${version}"\n  hashes = []\n}\n`;
}

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
    [
      'a public URL in YAML with one permission',
      { 'template.yaml': yaml('NONE', [invokeUrl]) },
      ['function-url-forbidden'],
    ],
    ['a public URL in YAML with both', { 'template.yml': yaml('NONE', [invokeUrl, invoke]) }, []],
    [
      'a URL of IAM in YAML with half of it',
      { 't.yaml': yaml('AWS_IAM', [invokeUrl]) },
      ['function-url-forbidden'],
    ],
    [
      'a runtime in the globals of SAM',
      {
        't.yaml':
          'Globals:\n  Function: { Runtime: nodejs18.x }\nResources:\n  A: { Type: AWS::S3::Bucket }\n',
      },
      ['deprecated-runtime'],
    ],
    [
      'a public URL of an older provider of Terraform',
      { 'main.tf': terraform('NONE', []), '.terraform.lock.hcl': lockOf('5.100.0') },
      ['function-url-forbidden'],
    ],
    [
      'a public URL of a newer provider',
      { 'main.tf': terraform('NONE', []), '.terraform.lock.hcl': lockOf('6.28.0') },
      [],
    ],
    [
      'a public URL of an older provider, the permission in another file of a module below',
      {
        'fn/main.tf': terraform('NONE', []),
        'fn/permissions.tf': terraform('NONE', [invokeUrl, invoke]).replace(
          /[\s\S]*?(?=resource "aws_lambda_permission")/,
          '',
        ),
        '.terraform.lock.hcl': lockOf('6.27.9'),
      },
      [],
    ],
    [
      'a URL of IAM in Terraform with half of it, whatever the provider',
      { 'main.tf': terraform('AWS_IAM', [invokeUrl]) },
      ['function-url-forbidden'],
    ],
    [
      'packages that are not installed',
      { 'package.json': '{"dependencies":{"coldpress":"^0.1.0"}}' },
      ['not-installed'],
    ],
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

  const unread: [what: string, files: Record<string, string>, where: string, why: RegExp][] = [
    ['nothing in it', {}, '.', /no files/],
    ['broken YAML', { 't.yaml': `${yaml('NONE', [])}  a: [` }, 't.yaml', /cannot be parsed/],
    ['broken Terraform', { 'a.tf': '\nresource "a" "b" {' }, 'a.tf', /line 2: a name/],
    [
      'a public URL of an unknown provider',
      { 'main.tf': terraform('NONE', [invokeUrl]) },
      'main.tf, aws_lambda_function_url.fn',
      /6\.28\.0/,
    ],
    [
      'an action that only Terraform knows',
      { 'main.tf': terraform('NONE', ['each.value']), '.terraform.lock.hcl': lockOf('5.0.0') },
      'main.tf, aws_lambda_function_url.fn',
      /action/,
    ],
    [
      'an authorization that only the deployment knows',
      { 't.yaml': yaml('!Ref Auth', [invoke]) },
      't.yaml, Url',
      /authorization/,
    ],
    [
      'a module that makes the URL',
      { 'a.tf': 'module "m" {\n  source = "b"\n  create_lambda_function_url = true\n}' },
      'a.tf, module.m',
      /modules/,
    ],
    [
      'Terraform in JSON',
      { 'a.tf.json': '{"resource":{"aws_lambda_function_url":{}}}' },
      'a.tf.json',
      /only \.tf/,
    ],
    ['a text that is too large', { 'a.ts': ' '.repeat(2 ** 20 + 1) }, 'a.ts', /1 MB/],
    ['folders too deep', { 'a/b/c/d/e/f/g/a.ts': '' }, 'a/b/c/d/e/f/g', /deeper/],
    ['a package.json that is broken', { 'package.json': '{' }, 'package.json', /no JSON/],
  ];

  test.each(unread)('with %s says what it did not check', async (what, files, where, why) => {
    const dir = project(`unread ${what}`, files);
    mkdirSync(dir, { recursive: true });
    const { findings, notChecked } = await diagnose(dir, { cwd, today });
    expect(findings).toEqual([]);
    expect(notChecked).toEqual([expect.objectContaining({ where, why: expect.stringMatching(why) })]);
  });

  // Who may read everything has nothing that is locked.
  test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'with files that are locked says so, and looks at the others',
    async () => {
      const dir = project('locked', { 'a.ts': 'runtime: Runtime.NODEJS_20_X', 'b.ts': '', 'c/d.ts': '' });
      chmodSync(join(dir, 'b.ts'), 0);
      chmodSync(join(dir, 'c'), 0);
      const { findings, notChecked } = await diagnose(dir, { cwd, today });
      chmodSync(join(dir, 'c'), 0o700);
      expect(findings).toMatchObject([{ id: 'deprecated-runtime' }]);
      expect(notChecked.map(({ where }) => where)).toEqual(['c', 'b.ts']);
    },
  );

  test('is looked at by one of its files, too', async () => {
    const dir = project('by file', { 't.yaml': yaml('NONE', []), 'a.tf': terraform('AWS_IAM', [invokeUrl]) });
    expect(await found(join(dir, 't.yaml'))).toEqual(['function-url-forbidden']);
    expect(await found(join(dir, 'a.tf'))).toEqual(['function-url-forbidden']);
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

  test('tells what was not checked', async () => {
    mkdirSync(join(cwd, 'empty'), { recursive: true });
    const { code, stdout } = await run(['doctor', 'empty'], { cwd });
    expect(stdout).toMatch(/nothing found\n\nnot checked\n {2}\.: /);
    expect(code).toBe(0);
  });

  test('says that no text came', async () => {
    expect(await run(['doctor', '-'], { stdin: '' })).toMatchObject({
      code: 0,
      stdout: 'There is no text in it.\n',
    });
  });

  test('reads what PowerShell writes, and shows nothing that a terminal would obey', async () => {
    const log = '\u001b[31mError:\u001b[0m Protobuf \u001b[1mparsing failed\u0007\r\n';
    writeFileSync(join(cwd, 'utf16.log'), Buffer.from(`\uFEFF${log}`, 'utf16le'));
    const { stdout } = await run(['doctor', 'utf16.log'], { cwd });
    expect(stdout).toContain('seen   Error: Protobuf parsing failed\n');
  });

  test.each(['bytes.log', '-'])('refuses what is no text: %s', async subject => {
    const bytes = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 37) % 256));
    writeFileSync(join(cwd, 'bytes.log'), bytes);
    const { code, stderr, stdout } = await run(['doctor', subject], {
      cwd,
      stdin: bytes.toString('latin1').slice(0, 3000),
    });
    expect(stderr).toMatch(/^FILE_UNREADABLE: \S+ is no text/);
    expect([code, stdout]).toEqual([2, '']);
  });

  test('goes through 5 MB of a log', async () => {
    const line =
      'REPORT RequestId: 6b2c\tDuration: 12.22 ms\tMemory Size: 512 MB\tInit Duration: 387.10 ms\n';
    const stdin = `${line.repeat(5e6 / line.length)}Error: Non tensor type is temporarily not supported.\n`;
    const { stdout } = await run(['doctor', '-', '--json'], { stdin });
    expect(JSON.parse(stdout).findings).toMatchObject([{ id: 'zip-map' }]);
  });

  test.each(['./nothing/here.onnx', 'buidl'])('refuses a path where nothing is: %s', async path => {
    const { code, stderr } = await run(['doctor', path], { cwd });
    expect(stderr.startsWith(`FILE_UNREADABLE: there is no file or folder ${path}`)).toBe(true);
    expect(code).toBe(2);
  });
});
