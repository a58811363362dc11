import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { initProject } from '../../lib/init/init.ts';
import { mergeIgnore, mergePackage, nameScripts } from '../../lib/init/merge.ts';
import { parseTarget } from '../../lib/targets/names.ts';
import { folder, root, run } from '../cli/coldpress.ts';
import { doubling } from '../model/doubling.ts';

/** A folder with a model and what else is there before `init`. */
function folderWith(name: string, files: Record<string, string>): string {
  const cwd = folder(name);
  writeFileSync(join(cwd, 'doubling.onnx'), doubling());
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(cwd, path, '..'), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  return cwd;
}

const read = (cwd: string, path: string) => readFileSync(join(cwd, path), 'utf8');

describe('init in a folder that has files', () => {
  test('a cloned repository keeps its README and gets the lines of .gitignore that it lacks', async () => {
    const cwd = folderWith('cloned', {
      'README.md': '# mine\n',
      '.gitignore': '/node_modules\n*.pyc',
      '.git/HEAD': '',
    });
    const { files, merged, kept } = await initProject({ cwd });
    expect(read(cwd, 'README.md')).toBe('# mine\n');
    expect(files).toContain('COLDPRESS.md');
    expect(merged.map(({ path }) => path)).toEqual(['.gitignore']);
    expect(read(cwd, '.gitignore')).toMatch(/^\/node_modules\n\*\.pyc\nbuild\/\n/);
    expect(read(cwd, '.gitignore').match(/node_modules/g)).toHaveLength(1);
    expect(files).toContain('.github/workflows/model.yml');
    expect(kept).toEqual([]);
  });

  test('what npm install made of an empty folder becomes a project', async () => {
    const cwd = folderWith('installed', {
      'package.json': '{"dependencies":{"coldpress":"file:../coldpress.tgz"}}',
    });
    const { merged } = await initProject({ cwd });
    const { type, dependencies, devDependencies, scripts } = JSON.parse(read(cwd, 'package.json'));
    expect({ type, dependencies }).toEqual({
      type: 'module',
      dependencies: { coldpress: 'file:../coldpress.tgz' },
    });
    expect(devDependencies).toHaveProperty('aws-cdk-lib');
    expect(scripts.test).toBe('node --test test/model.test.ts');
    expect(merged[0]!.added).toEqual(expect.arrayContaining(['dev', 'typescript']));
  });

  test.each(['mts', 'ts'])('a CommonJS project with tests, a tsconfig and a config.%s', async ending => {
    const configFile = `coldpress.config.${ending}`;
    const own = {
      'package.json': '{\n\t"type": "commonjs",\n\t"scripts": { "test": "vitest run" }\n}\n',
      'tsconfig.json': '{}',
      [configFile]: "export default { model: './doubling.onnx' };\n",
    };
    const cwd = folderWith(`commonjs-${ending}`, own);
    const { files, kept, notes, test: command } = await initProject({ cwd, score: true });
    expect(command).toBe('npm run model:test');
    expect(kept).toEqual([configFile]);
    expect(notes).toEqual([expect.stringContaining("score: './score.ts'")]);
    expect(files).toEqual(
      expect.arrayContaining(['score.mts', 'test/model.test.mts', 'tsconfig.model.json']),
    );
    expect(files.filter(path => /(?<!\.d)\.ts$/.test(path))).toEqual([]);
    expect(read(cwd, 'test/model.test.mts')).toContain("from './samples.mts'");
    const { scripts } = JSON.parse(read(cwd, 'package.json'));
    expect(scripts).toMatchObject({
      test: 'vitest run',
      'premodel:test': 'coldpress pack',
      'model:test': 'node --test test/model.test.mts',
    });
    expect(read(cwd, 'package.json')).toMatch(/^\{\n\t"type"/);
    expect(read(cwd, 'tsconfig.json')).toBe('{}');
  });

  test('a CDK app stays as it is, and its tsconfig accepts the new files', async () => {
    const own = {
      'package.json': '{ "name": "shop", "scripts": { "test": "jest" } }',
      'cdk.json': '{ "app": "npx tsc && npx tsx bin/shop.ts" }',
      'bin/shop.ts': "import '../lib/shop';\n",
      'tsconfig.json': '{ "compilerOptions": { "module": "nodenext", "noEmit": true } }',
      'README.md': '# shop\n',
    };
    const cwd = folderWith('cdk', own);
    const { files, kept } = await initProject({ cwd });
    expect(kept).toEqual([]);
    expect(files).toContain('bin/app.mts');
    expect(read(cwd, 'cdk.json')).toBe(own['cdk.json']);
    const deploy = 'cdk deploy --app "node bin/app.mts"';
    expect(JSON.parse(read(cwd, 'package.json')).scripts.deploy).toBe(deploy);
    expect(read(cwd, 'COLDPRESS.md')).toContain(`npx ${deploy} doubling-staging`);
    expect(read(cwd, 'COLDPRESS.md')).toContain("{ config: 'coldpress.config.mts' }");
    expect(read(cwd, '.github/workflows/model.yml')).toContain(`npx ${deploy} doubling-production`);
    for (const path of ['test/model.test.mts', 'bin/replay.mts']) {
      expect(read(cwd, path)).toMatch(/^\/\/ @ts-ignore.*\nimport .*samples\.mts';$/m);
    }
    const { include } = JSON.parse(read(cwd, 'tsconfig.model.json'));
    expect(include).not.toContain('bin');
  });

  test('a project gets a score later, in files that are unchanged', async () => {
    const cwd = folderWith('later', {});
    mkdirSync(join(cwd, 'models'));
    renameSync(join(cwd, 'doubling.onnx'), join(cwd, 'models/doubling.onnx'));
    await initProject({ cwd, model: 'models/doubling.onnx', target: 'gcf' });
    const { error } = JSON.parse((await run(['invoke', '--json'], { cwd })).stdout);
    expect(error.hint).toBe('pack it: npx coldpress pack');
    // The model and the target are those of the config.
    const later = await run(['init', '--score', '--json'], { cwd });
    const { merged, notes, target } = JSON.parse(later.stdout);
    expect({ notes, target }).toEqual({ notes: [], target: 'gcf' });
    expect(merged.map(({ path }: { path: string }) => path)).toEqual(
      expect.arrayContaining(['coldpress.config.ts', 'README.md']),
    );
    expect(read(cwd, 'coldpress.config.ts')).toContain("score: './score.ts'");
    const again = JSON.parse((await run(['init', '--json'], { cwd })).stdout);
    expect(again).toMatchObject({ files: [], merged: [] });
  });

  test.skipIf(spawnSync('git', ['--version']).status !== 0)('ignored files are named', async () => {
    const cwd = folderWith('ignored', { '.gitignore': '*.onnx\n' });
    spawnSync('git', ['init', '--quiet'], { cwd });
    const { notes } = await initProject({ cwd });
    expect(notes).toEqual([expect.stringMatching(/^doubling\.onnx is ignored by Git/)]);
  });

  test('a package inside a repository gets no workflow, which GitHub would not read', async () => {
    const cwd = folderWith('monorepo', { '.git/HEAD': '' });
    const inside = join(cwd, 'packages', 'model');
    mkdirSync(inside, { recursive: true });
    writeFileSync(join(inside, 'doubling.onnx'), doubling());
    const { files } = await initProject({ cwd: inside });
    expect(files.filter(path => path.startsWith('.github'))).toEqual([]);
  });

  test('a package.json that is not JSON is named, and nothing is written', async () => {
    const cwd = folderWith('broken', { 'package.json': '{' });
    await expect(initProject({ cwd })).rejects.toMatchObject({ code: 'INIT_PACKAGE' });
    expect(readdirSync(cwd).sort()).toEqual(['doubling.onnx', 'package.json']);
  });

  test.each(['package.json', '.gitignore', 'coldpress.config.ts'])(
    'a folder named %s is named, and nothing is written',
    async name => {
      const cwd = folderWith(`folder-${name}`, {});
      mkdirSync(join(cwd, name));
      await expect(initProject({ cwd })).rejects.toMatchObject({
        code: 'FILE_EXPECTED',
        message: expect.stringContaining(join(cwd, name)),
      });
      expect(readdirSync(cwd).sort()).toEqual(['doubling.onnx', name].sort());
    },
  );

  test('two models are listed', async () => {
    const cwd = folderWith('two', {});
    writeFileSync(join(cwd, 'other.onnx'), doubling());
    await expect(initProject({ cwd })).rejects.toMatchObject({
      code: 'MODEL_UNNAMED',
      message: expect.stringContaining('doubling.onnx, other.onnx'),
    });
  });

  test.skipIf(process.getuid?.() === 0)('a folder that cannot be written is named', async () => {
    const cwd = folderWith('readonly', {});
    const { chmodSync } = await import('node:fs');
    chmodSync(cwd, 0o555);
    await expect(initProject({ cwd })).rejects.toMatchObject({ code: 'INIT_UNWRITABLE' });
    chmodSync(cwd, 0o755);
  });
});

describe('samples next to the model', () => {
  const churn = (name: string) => {
    const cwd = folder(name);
    cpSync(join(root, 'examples/churn/model.txt'), join(cwd, 'model.txt'));
    return cwd;
  };

  test('are used, and fill the README', async () => {
    const cwd = churn('samples');
    cpSync(join(root, 'examples/churn/samples.csv'), join(cwd, 'samples.csv'));
    const { samples } = await initProject({ cwd, score: true });
    expect(samples).toBe('samples.csv');
    expect(read(cwd, 'coldpress.config.ts')).toContain("samples: './samples.csv',");
    expect(read(cwd, 'README.md')).toContain('"plan":"basic"');
    expect(read(cwd, 'score.ts')).toMatch(/"basic", .* in the samples\. \*\/\n {2}plan: category,/);
    expect(read(cwd, 'score.ts')).toMatch(/\d … \d+ in the samples\. \*\/\n {2}months: numberOrMissing,/);
  });

  test('are made of a data set that has the features, without its labels', async () => {
    const cwd = churn('data');
    const data =
      'id,months,plan,country,monthly charge,calls_to_support,autopay,label\n7,3,"a, b",DE,1.5,0,True,1\n';
    writeFileSync(join(cwd, 'train.csv'), data);
    const { files, notes } = await initProject({ cwd });
    expect(files).toContain('samples.csv');
    expect(notes).toEqual([expect.stringContaining('train.csv')]);
    expect(read(cwd, 'samples.csv')).toBe(
      'months,plan,country,monthly_charge,calls_to_support,autopay\n3,"a, b",DE,1.5,0,True\n',
    );
  });

  test('that do not fit are named, and not used', async () => {
    const cwd = churn('misfit');
    writeFileSync(join(cwd, 'samples.csv'), 'a,b\n1,2\n');
    const { samples, notes } = await initProject({ cwd });
    expect(samples).toBeUndefined();
    expect(notes).toEqual([expect.stringContaining('samples.csv is not used')]);
  });
});

test('scripts that are there keep their names', () => {
  const wanted = { pretest: 'pack', test: 'node --test', dev: 'coldpress dev' };
  const placeholder = 'echo "Error: no test specified" && exit 1';
  expect(nameScripts(wanted, { test: placeholder })).toEqual(wanted);
  expect(nameScripts(wanted, wanted)).toEqual(wanted);
  expect(Object.keys(nameScripts(wanted, { test: 'jest' }))).toEqual(['premodel:test', 'model:test', 'dev']);
});

test('merging what is there already changes nothing', () => {
  const text = '{"scripts":{"dev":"x"},"dependencies":{"coldpress":"1"}}';
  expect(mergePackage(text, '{"scripts":{"dev":"x"},"devDependencies":{"coldpress":"2"}}')).toEqual({
    kind: 'keep',
  });
  expect(mergeIgnore('node_modules\r\n/build/\n', 'node_modules/\nbuild/\n')).toEqual({ kind: 'keep' });
});

test.each([
  ['aws', 'aws-lambda'],
  ['AWS-Lambda', 'aws-lambda'],
  ['google', 'gcf'],
  ['gcf', 'gcf'],
  ['container', 'container'],
])('--target %s is %s', (word, target) => {
  expect(parseTarget(word)).toBe(target);
});

test('another target is refused with the list, by every command', async () => {
  for (const command of ['init', 'pack', 'dev', 'deploy']) {
    const { code, stderr } = await run([command, '--target', 'azure'], { cwd: folder(`azure-${command}`) });
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^OPTION_INVALID: .*azure.*aws-lambda/s),
    });
  }
});

test('without a network, writes the project and reports the failed installation', async () => {
  const cwd = folderWith('offline', {});
  const env = { ...process.env, npm_config_registry: 'http://127.0.0.1:9/' };
  const { code, stderr } = await run(['init', '--yes'], { cwd, env });
  expect({ code, stderr }).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/INSTALL_FAILED: .*127\.0\.0\.1:9/),
  });
  expect(existsSync(join(cwd, 'coldpress.config.ts'))).toBe(true);
});
