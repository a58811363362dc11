import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../lib/doctor/diagnose.ts';
import { pack } from '../../lib/pack/pack.ts';
import { root } from '../cli/coldpress.ts';
import { doubling } from '../model/doubling.ts';
import { cwd, found, project, today } from './subject.ts';

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
    ['nothing in it', {}, '.', /empty/],
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
    ['folders too deep', { 'a/b/c/d/e/f/g/a.ts': '' }, 'a/b/c/d/e/f/g', /folders deep/],
    ['a package.json that is broken', { 'package.json': '{' }, 'package.json', /not a JSON object/],
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

  test('reports an artifact built from another model', async () => {
    const dir = project('drifted', {
      'coldpress.config.mjs': "export default { model: './model.onnx', arch: 'x64' };",
      'model.onnx': doubling(),
    });
    await pack({ cwd: dir, env: process.env });
    expect(await found(dir)).toEqual([]);
    writeFileSync(join(dir, 'model.onnx'), readFileSync(join(root, 'examples/breast-cancer/model.onnx')));
    expect(await found(dir)).toEqual(['config-drift']);
  });
});
