import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { functionName } from '../../lib/init/templates/google.ts';
import { folder, root, run } from '../cli/coldpress.ts';
import { doubling } from '../cli/workspace.ts';
import { installed } from './installed.ts';

const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');

const models = {
  doubling: (dir: string) => writeFileSync(join(dir, 'doubling.onnx'), doubling()),
  'breast-cancer': (dir: string) =>
    cpSync(join(root, 'examples/breast-cancer/model.onnx'), join(dir, 'model.onnx')),
  image: (dir: string) => cpSync(join(root, 'examples/image/model.onnx'), join(dir, 'model.onnx')),
  text: (dir: string) => cpSync(join(root, 'examples/text/model.onnx'), join(dir, 'model.onnx')),
};

const ways = [
  ['aws', 'http', 'breast-cancer'],
  ['aws', 'sqs', 'doubling'],
  ['aws', 's3', 'image'],
  ['aws', 'schedule', 'text'],
  ['gcf', 'http', 'doubling'],
  ['gcf', 'pubsub', 'breast-cancer'],
  ['gcf', 'gcs', 'text'],
] as const;

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;

/** Of packages as this repository has them. */
function lockedVersions(names: string[]): Record<string, string> {
  const locked = names.map(name => [name, lock[name === 'coldpress' ? '' : `node_modules/${name}`].version]);
  return Object.fromEntries(locked);
}

function packagesOf(cwd: string): Record<string, string> {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
  return { ...dependencies, ...devDependencies };
}

describe.each(ways)('init for %s by %s of the model %s', (target, trigger, model) => {
  const cwd = folder(`${target}-${trigger}`);

  test('writes a project that compiles, is formatted and packs', { timeout: 120_000 }, async () => {
    models[model](cwd);
    const written = await run(['init', '--yes', '--json', '--target', target, '--trigger', trigger], { cwd });
    expect(written).toMatchObject({ code: 0, stderr: '' });
    const { files } = JSON.parse(written.stdout);
    expect(files).toContain('score.ts');
    expect(readFileSync(join(cwd, '.github/workflows/model.yml'), 'utf8')).toMatch(/id-token: write/);

    for (const file of files.filter((name: string) => name.endsWith('.ts') && !name.endsWith('.d.ts'))) {
      const stdin = readFileSync(join(cwd, file), 'utf8');
      const args = [biome, 'format', '--stdin-file-path', file];
      expect((await run(args, { command: process.execPath, stdin })).stdout, file).toBe(stdin);
    }
    const asked = packagesOf(cwd);
    expect(asked).toEqual(lockedVersions(Object.keys(asked)));
    installed(cwd);
    const compiled = await run([join(root, 'node_modules/typescript/bin/tsc'), '--noEmit'], {
      cwd,
      command: process.execPath,
    });
    expect(compiled.stdout).toBe('');
    const packed = await run(['pack', '--json'], { cwd });
    expect(packed).toMatchObject({ code: 0 });
    expect(existsSync(join(cwd, 'build/function/model/golden.json'))).toBe(true);
  });

  test('overwrites nothing', async () => {
    const before = readFileSync(join(cwd, 'README.md'), 'utf8');
    const again = await run(['init', '--yes', '--target', target, '--trigger', trigger], { cwd });
    expect(again).toMatchObject({ code: 2 });
    expect(again.stderr).toMatch(/INIT_EXISTS.*package\.json.*README\.md/s);
    expect(readFileSync(join(cwd, 'README.md'), 'utf8')).toBe(before);
  });
});

test.each([
  ['aws', 's3', ['@aws-sdk/client-s3', 'coldpress', 'hyparquet', 'valibot']],
  ['gcf', 'gcs', ['coldpress', 'hyparquet', 'valibot']],
] as const)('for %s by %s it asks for the packages that pack bundles', async (target, trigger, names) => {
  const cwd = folder(`packages-${trigger}`);
  writeFileSync(join(cwd, 'doubling.onnx'), doubling());
  await run(['init', '--json', '--target', target, '--trigger', trigger], { cwd });
  const { dependencies } = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
  expect(Object.keys(dependencies)).toEqual(names);
});

test('the README asks a short record, and of a large model its golden vector', async () => {
  const asked = [];
  for (const model of ['doubling', 'image'] as const) {
    const cwd = folder(`asks-${model}`);
    models[model](cwd);
    await run(['init', '--json'], { cwd });
    asked.push(readFileSync(join(cwd, 'README.md'), 'utf8'));
  }
  expect(asked[0]).toContain(`curl -s localhost:9000 --json '{"x":[0,0]}'\n`);
  expect(asked[1]).toMatch(
    /golden\.json'\)\.request\)" \| curl -s localhost:9000\/v2\/models\/[\w-]+\/infer --json @-\n/,
  );
});

test('refuses by name what it cannot begin with', async () => {
  const cwd = folder('refusals');
  expect((await run(['init', '--yes'], { cwd })).stderr).toContain('MODEL_UNNAMED');
  const outside = join(root, 'examples/text/model.onnx');
  expect((await run(['init', outside, '--yes'], { cwd })).stderr).toContain('INIT_MODEL_OUTSIDE');
  writeFileSync(join(cwd, 'doubling.onnx'), doubling());
  const crossed = await run(['init', '--target', 'gcf', '--trigger', 'sqs', '--yes'], { cwd });
  expect(crossed.stderr).toMatch(/--trigger is sqs with --target gcf[\s\S]*http, pubsub, gcs/);
  expect(existsSync(join(cwd, 'package.json'))).toBe(false);
});

test('a long name leaves room in the 49 characters that Google takes', () => {
  const name = `${functionName('2_Churn.model-of-all-the-customers-in-Europe')}-production-check`;
  expect(name).toMatch(/^[a-z][a-z0-9-]{0,47}[a-z0-9]$/);
});
