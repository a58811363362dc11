import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { initProject } from '../../lib/init/init.ts';
import { functionName } from '../../lib/init/templates/google.ts';
import { tsconfigJson } from '../../lib/init/templates/package.ts';
import { pack } from '../../lib/pack/pack.ts';
import { folder, root, run } from '../cli/coldpress.ts';
import { doubling } from '../model/doubling.ts';
import { installed } from './installed.ts';

const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');

/** One folder for all projects, which finds this repository's packages. */
const all = folder('projects');

beforeAll(() => {
  // One program, so that the types of CDK and of Google's clients are read once.
  const config = { ...JSON.parse(tsconfigJson()), include: ['*/*.ts', '*/bin', '*/test'] };
  writeFileSync(join(all, 'tsconfig.json'), JSON.stringify(config));
  installed(all);
});

const models = {
  doubling: (dir: string) => writeFileSync(join(dir, 'doubling.onnx'), doubling()),
  'breast-cancer': (dir: string) =>
    cpSync(join(root, 'examples/breast-cancer/model.onnx'), join(dir, 'model.onnx')),
  image: (dir: string) => cpSync(join(root, 'examples/image/model.onnx'), join(dir, 'model.onnx')),
  text: (dir: string) => cpSync(join(root, 'examples/text/model.onnx'), join(dir, 'model.onnx')),
};

const ways = [
  ['aws-lambda', 'http', 'breast-cancer'],
  ['aws-lambda', 'sqs', 'doubling'],
  ['aws-lambda', 's3', 'image'],
  ['aws-lambda', 'schedule', 'text'],
  ['gcf', 'http', 'doubling'],
  ['gcf', 'pubsub', 'breast-cancer'],
  ['gcf', 'gcs', 'text'],
  ['container', 'http', 'breast-cancer'],
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

/** The files of a project that Biome formats. */
let sources: string[] = [];

describe.each(ways)('init for %s by %s of the model %s', (target, trigger, model) => {
  const cwd = join(all, `${target}-${trigger}`);

  test('writes a project that packs', { timeout: 120_000 }, async () => {
    mkdirSync(cwd);
    models[model](cwd);
    const { files, kept } = await initProject({ cwd, target, trigger, score: true });
    expect(files).toContain('score.ts');
    expect(kept).toEqual([]);
    expect(readFileSync(join(cwd, '.github/workflows/model.yml'), 'utf8')).toMatch(
      target === 'container' ? /packages: write/ : /id-token: write/,
    );
    expect(readFileSync(join(cwd, 'tsconfig.json'), 'utf8')).toBe(tsconfigJson());
    const own = files.filter((name: string) => name.endsWith('.ts') && !name.endsWith('.d.ts'));
    sources = [...sources, ...own.map((name: string) => join(cwd, name))];
    const asked = packagesOf(cwd);
    expect(asked).toEqual(lockedVersions(Object.keys(asked)));
    await pack({ cwd, env: process.env });
    expect(existsSync(join(cwd, 'build/function/model/golden.json'))).toBe(true);
  });

  test('a second run has nothing to do', async () => {
    const before = readFileSync(join(cwd, 'README.md'), 'utf8');
    const again = await initProject({ cwd, target, trigger, score: true });
    expect(again).toMatchObject({ files: [], merged: [], notes: [] });
    expect(readFileSync(join(cwd, 'README.md'), 'utf8')).toBe(before);
  });
});

test('all of them are formatted', async () => {
  const args = [biome, 'format', '--config-path', root, '--vcs-enabled=false', ...sources];
  const { code, stderr } = await run(args, { command: process.execPath });
  expect(sources.length).toBeGreaterThan(30);
  expect(code, stderr).toBe(0);
});

test('all of them compile', { timeout: 120_000 }, async () => {
  const compiled = await run([join(root, 'node_modules/typescript/bin/tsc'), '--noEmit'], {
    cwd: all,
    command: process.execPath,
  });
  expect(compiled.stdout).toBe('');
});

test.each([
  ['aws-lambda', 's3', ['@aws-sdk/client-s3', 'coldpress', 'hyparquet']],
  ['gcf', 'gcs', ['coldpress', 'hyparquet']],
] as const)('for %s by %s it asks for the packages that pack bundles', async (target, trigger, names) => {
  const cwd = folder(`packages-${trigger}`);
  writeFileSync(join(cwd, 'doubling.onnx'), doubling());
  await initProject({ cwd, target, trigger });
  const { dependencies } = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
  expect(Object.keys(dependencies)).toEqual(names);
});

/** What a terminal or an editor obeys, or does not show; a file's own line breaks apart. */
const hidden = /[^\P{Cc}\n]|[\p{Cf}\u2028\u2029]/u;

test.skipIf(process.platform === 'win32').each(['aws', 'gcf', 'container'] as const)(
  'a path with controls, quotes and line breaks is text in every file for %s',
  async target => {
    const cwd = folder(`paths-${target}`);
    const inside = 'down\u202eload';
    mkdirSync(join(cwd, inside));
    const model = join(inside, "it's `a`|b\u001b[2J\n\n## Install\n\u2066$(x).onnx");
    writeFileSync(join(cwd, model), doubling());
    const { code, stdout, stderr } = await run(['init', model, '--target', target, '--yes', '--no-install'], {
      cwd,
    });
    expect(code, stderr).toBe(0);
    expect(stdout).not.toMatch(hidden);
    for (const entry of readdirSync(cwd, { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && entry.name !== basename(model)) {
        const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
        expect(text.match(hidden), entry.name).toBeNull();
      }
    }
    const readme = readFileSync(join(cwd, 'README.md'), 'utf8');
    expect(readme).not.toMatch(/^## Install/m);
    expect(readme).toMatch(/^\| ``+ .*\\\|b.* ``+ \| the model's/m);
    const { default: config } = await import(join(cwd, 'coldpress.config.ts'));
    expect(config.model).toBe(`./${model}`);
  },
);

test('the README has a short record, and none of a large model', async () => {
  const texts = [];
  for (const model of ['doubling', 'image'] as const) {
    const cwd = folder(`asks-${model}`);
    models[model](cwd);
    await initProject({ cwd });
    texts.push(readFileSync(join(cwd, 'README.md'), 'utf8'));
  }
  expect(texts[0]).toContain(`curl -s localhost:9000 --json '{"x":[0,0]}'\n`);
  expect(texts[1]).not.toContain('curl');
});

test('the command prints what it wrote', async () => {
  const cwd = folder('command');
  models.doubling(cwd);
  const written = await run(['init', '--yes', '--json', '--target', 'gcf', '--trigger', 'pubsub'], { cwd });
  expect(written).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(written.stdout)).toMatchObject({ name: 'doubling', target: 'gcf', trigger: 'pubsub' });
  expect(existsSync(join(cwd, 'node_modules'))).toBe(false);
});

test('refuses by name what it cannot begin with', async () => {
  const cwd = folder('refusals');
  await expect(initProject({ cwd })).rejects.toMatchObject({ code: 'MODEL_UNNAMED' });
  writeFileSync(join(cwd, 'model.pkl'), Buffer.from([0x80, 4, 0x4e, 0x2e]));
  await expect(initProject({ cwd })).rejects.toMatchObject({ code: 'MODEL_IS_PICKLE' });
  rmSync(join(cwd, 'model.pkl'));
  const model = join(root, 'examples/text/model.onnx');
  await expect(initProject({ cwd, model })).rejects.toMatchObject({ code: 'INIT_MODEL_OUTSIDE' });
  models.doubling(cwd);
  await expect(initProject({ cwd, target: 'gcf', trigger: 'sqs' })).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    message: expect.stringMatching(/--trigger.*sqs.*gcf/),
    hint: expect.stringContaining('http, pubsub, gcs'),
  });
  expect(existsSync(join(cwd, 'package.json'))).toBe(false);
});

test('a long name leaves room in the 49 characters that Google takes', () => {
  const name = `${functionName('2_Churn.model-of-all-the-customers-in-Europe')}-production-check`;
  expect(name).toMatch(/^[a-z][a-z0-9-]{0,47}[a-z0-9]$/);
});
