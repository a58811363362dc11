import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { type PackedModel, packAll } from '../../lib/cdk/pack/pack-all.ts';
import { run } from '../cli/coldpress.ts';
import { baseConfig, otherModel, ownCache, root } from './app.ts';

const cwd = join(otherModel(), '..');
const env = { COLDPRESS_CACHE_DIR: ownCache(join(cwd, 'cache')) };

/** An app of two models in three constructs and two stacks. */
function writeApp(model = baseConfig.model, config = "{ name: 'b' }"): void {
  writeFileSync(join(cwd, 'cdk.json'), JSON.stringify({ app: `"${process.execPath}" app.ts` }));
  writeFileSync(
    join(cwd, 'app.ts'),
    `import { createRequire } from 'node:module';
     import { ModelsApi, OnnxFunction } from '${pathToFileURL(join(root, 'lib/cdk/index.ts'))}';
     const { App, Stack } = createRequire('${join(root, 'package.json')}')('aws-cdk-lib');
     const app = new App({ builtinCloudFormationValidation: false });
     const [one, two] = [new Stack(app, 'One'), new Stack(app, 'Two')];
     console.log('of the app');
     new OnnxFunction(one, 'A', { model: ${JSON.stringify(model)}, config: { name: 'a' } });
     new OnnxFunction(two, 'A', { model: ${JSON.stringify(model)}, config: { name: 'a' } });
     const b = new OnnxFunction(two, 'B', { model: 'model.onnx' });
     const named = { model: 'model.onnx', config: ${config} };
     new ModelsApi(two, 'Api', { functions: [b, new OnnxFunction(new Stack(app, 'Three'), 'B', named)] });
     app.synth();`,
  );
}

test('every model of an app is packed once, and a synthesis after it packs nothing', async () => {
  writeApp();
  const { code, stdout, stderr } = await run(['pack', '--all', '--json'], { cwd, env });
  expect([code, stderr]).toEqual([0, expect.stringContaining('of the app')]);
  const packed: PackedModel[] = JSON.parse(stdout);
  expect(packed.map(({ paths }) => paths).sort()).toEqual([['One/A', 'Two/A'], ['Three/B'], ['Two/B']]);
  expect(packed.every(({ isKnown }) => !isKnown)).toBe(true);
  const entries = readdirSync(env.COLDPRESS_CACHE_DIR).sort();
  const synth = await run([join(cwd, 'app.ts')], { cwd, env: env, command: process.execPath });
  expect(synth).toMatchObject({ code: 0 });
  expect(readdirSync(env.COLDPRESS_CACHE_DIR).sort()).toEqual(entries);
  const again = await packAll({ cwd, env: { ...process.env, ...env } });
  expect(again.every(({ isKnown }) => isKnown)).toBe(true);
  // What was kept is told again.
  const reports = (models: PackedModel[]) => models.map(({ paths, report }) => [paths[0], report]).sort();
  expect(reports(again)).toEqual(reports(packed));
  expect(packed[0]!.report).toMatchObject({
    proof: expect.any(String),
    engine: expect.stringContaining('compiled'),
  });
  expect((await run(['pack', '--all'], { cwd, env })).stdout).toMatch(
    /\(unchanged\): .*\n {2}proof {3}\S.*\n {2}engine {2}compiled/,
  );
}, 120_000);

test('every model of an app is locked by its own entry', async () => {
  writeApp();
  const lockPath = join(cwd, 'coldpress.lock.json');
  const packs = (...flags: string[]) => run(['pack', '--all', ...flags], { cwd, env });
  expect(await packs('--lock')).toMatchObject({ code: 0 });
  const { packed } = JSON.parse(readFileSync(lockPath, 'utf8'));
  expect(Object.keys(packed)).toHaveLength(3);
  expect(await packs('--locked')).toMatchObject({ code: 0 });
  const [first] = Object.keys(packed);
  packed[first!].coldpress = '0.0.1';
  writeFileSync(lockPath, JSON.stringify({ packed }));
  const { code, stderr } = await packs('--locked');
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(/LOCK_DIFFERS: \w+\/\w+: .*\n.*\n +coldpress +0\.0\.1/),
  ]);
  expect(stderr).toContain('pack --all --lock');
  rmSync(lockPath);
}, 120_000);

test('two that would share an entry of the lock are refused', async () => {
  writeApp('model.onnx', "{ name: 'model', engine: 'onnxruntime' }");
  const { code, stderr } = await run(['pack', '--all', '--lock'], { cwd, env });
  expect([code, stderr]).toEqual([2, expect.stringMatching(/LOCK_NAME_TAKEN: .*B and .*B would/)]);
  rmSync(join(cwd, 'coldpress.lock.json'));
}, 120_000);

test('errors name the construct’s path', async () => {
  writeApp(join(cwd, 'none.onnx'));
  const { code, stderr } = await run(['pack', '--all'], { cwd, env });
  expect(stderr).toMatch(/MODEL_NOT_FOUND: (One|Two)\/A: /);
  expect(code).toBe(2);
  writeFileSync(join(cwd, 'app.ts'), 'process.exit(3)');
  expect((await run(['pack', '--all'], { cwd, env })).stderr).toMatch(/^CDK_APP_FAILED: .*exit code 3/);
  rmSync(join(cwd, 'cdk.json'));
  expect((await run(['pack', '--all'], { cwd, env })).stderr).toMatch(/^CDK_APP_MISSING: /);
  expect((await run(['pack', '--all', '--arch', 'x64'], { cwd, env })).stderr).toMatch(/^OPTION_CONFLICT: /);
}, 60_000);
