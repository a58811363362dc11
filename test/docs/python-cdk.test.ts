import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { makeScratch, packExample } from '../packed/pack-example.ts';

/** The stack of docs/guides/python-cdk.md, on a folder that is really packed. */
const guide = readFileSync(new URL('../../docs/guides/python-cdk.md', import.meta.url), 'utf8');
const program = /```python\n([\s\S]*?)```/.exec(guide)![1]!;
const scratch = makeScratch();
const hasPythonCdk = spawnSync('python3', ['-c', 'import aws_cdk']).status === 0;
let packed: string;

beforeAll(async () => {
  packed = await packExample(scratch, 'aws-lambda');
}, 60_000);

test('every file and every field that the stack reads is in a packed folder', () => {
  const manifest = JSON.parse(readFileSync(join(packed, 'function/coldpress.json'), 'utf8'));
  const fields = [...program.matchAll(/manifest\["(\w+)"\]|"(\w+)" in manifest/g)].map(
    ([, read, asked]) => read ?? asked!,
  );
  expect(fields.sort()).toEqual(['architecture', 'handler', 'layer', 'runtime']);
  expect(fields.filter(field => manifest[field] === undefined)).toEqual([]);
  const files = [...program.matchAll(/\{packed\}\/([\w./]+)/g)].map(([, path]) => path!);
  expect(files.filter(path => !existsSync(join(packed, path)))).toEqual([]);
  expect(manifest).toMatchObject({
    handler: 'index.handler',
    runtime: expect.stringMatching(/^nodejs\d+\.x$/),
  });
});

test.skipIf(!hasPythonCdk)(
  'Python’s CDK makes a template of it (needs aws-cdk-lib for Python)',
  () => {
    const dir = join(scratch, 'python');
    mkdirSync(dir);
    writeFileSync(
      join(dir, 'app.py'),
      program.replace('packed: str = "build"', `packed: str = ${JSON.stringify(packed)}`),
    );
    const env = { ...process.env, CDK_OUTDIR: join(dir, 'out') };
    const { status, stderr } = spawnSync('python3', ['app.py'], { cwd: dir, env, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    const { Resources } = JSON.parse(readFileSync(join(dir, 'out/Churn.template.json'), 'utf8'));
    const types = Object.values(Resources as Record<string, { Type: string }>).map(({ Type }) => Type);
    expect(types).toEqual(expect.arrayContaining(['AWS::Lambda::Function', 'AWS::Lambda::LayerVersion']));
  },
  120_000,
);
