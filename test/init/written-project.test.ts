import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalGoogle, startGoogle } from '../gcp/google.ts';
import { runIn } from '../tarball.ts';
import { makeOwner, model, type Owner, withLinkedInstall } from './owner.ts';
import { type Contexts, readWorkflow, runStep, stepOf } from './run-steps.ts';

/** What `npx coldpress init` makes of an empty folder with a model: run, tested, and by its workflow built and deployed. */

let owner: Owner;
let projects: Record<'aws' | 'gcf', string>;
let startedAt: number;

beforeAll(async () => {
  owner = await makeOwner();
  startedAt = performance.now();
  const aws = await owner.init('tumour', '--score');
  projects = { aws, gcf: await owner.init('tumour-google', '--target', 'google') };
}, 600_000);

afterAll(() => owner?.end(), 60_000);

function readSamples(cwd: string) {
  return JSON.parse(readFileSync(join(cwd, 'build/samples.json'), 'utf8'));
}

async function post(url: string, body: unknown) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(response.status).toBe(200);
  return response.json();
}

test('npx coldpress init, npx coldpress dev: a record is answered', { timeout: 120_000 }, async () => {
  const cwd = projects.aws;
  expect(existsSync(join(cwd, 'node_modules/coldpress/package.json'))).toBe(true);
  expect(existsSync(join(owner.folder, 'node_modules'))).toBe(false);
  const url = await owner.serve(cwd, 'dev');
  const [{ record, result }] = readSamples(cwd).samples;
  expect(await post(url, record)).toMatchObject({ output_label: result.output_label });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`a served prediction ${seconds} s after the first of two projects was begun`);
});

test('reports a failed installation, and keeps the project', { timeout: 120_000 }, async () => {
  const alone = join(owner.folder, 'alone');
  mkdirSync(alone);
  cpSync(model, join(alone, 'model.onnx'));
  const env = {
    ...owner.env,
    npm_config_registry: 'http://127.0.0.1:9/',
    npm_config_fetch_retries: '0',
    npm_config_cache: join(owner.folder, 'empty'),
  };
  const coldpress = join(projects.aws, 'node_modules/.bin/coldpress');
  const failed = runIn(alone, env, [coldpress, 'init', '--yes']);
  await expect(failed).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('INSTALL_FAILED') });
  expect(existsSync(join(alone, 'coldpress.config.ts'))).toBe(true);
});

test.each([
  ['throws', "decode: () => { throw new Error('no result'); },"],
  ['returns nothing', 'decode: (_, records) => records.map(() => undefined),'],
])('npm test fails if the score %s', { timeout: 120_000 }, async (_, decode) => {
  const cwd = projects.aws;
  const before = readFileSync(join(cwd, 'score.ts'), 'utf8');
  writeFileSync(join(cwd, 'score.ts'), `${before.slice(0, before.indexOf('  decode:'))}  ${decode}\n});\n`);
  await expect(owner.run(cwd, 'npm', 'test')).rejects.toMatchObject({
    stdout: expect.stringMatching(/fail 1\n/),
  });
  writeFileSync(join(cwd, 'score.ts'), before);
});

describe.each(['aws', 'gcf'] as const)('for %s', target => {
  test('npm test, then npx coldpress serve: a record is answered', { timeout: 120_000 }, async () => {
    const cwd = projects[target];
    expect(await owner.run(cwd, 'npm', 'test')).toMatch(/pass 1\n/);
    const url = await owner.serve(cwd, 'serve', 'build');
    const [{ record, result }] = readSamples(cwd).samples;
    expect(await post(url, record)).toMatchObject({ output_label: result.output_label });
  });

  test('npx tsc --noEmit', async () => {
    expect(await owner.run(projects[target], 'npx', 'tsc', '--noEmit')).toBe('');
  });
});

test('coldpress is required by CommonJS as well, and packs from there', { timeout: 120_000 }, async () => {
  const cwd = join(projects.aws, 'commonjs');
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'package.json'), '{ "type": "commonjs" }');
  const script = `import { App, Stack } from 'aws-cdk-lib';
    import { defineConfig } from 'coldpress';
    import { OnnxFunction } from 'coldpress/cdk';
    import { tensor } from 'coldpress/runtime';
    const config = defineConfig({ model: '../model.onnx', http: {} });
    const fn = new OnnxFunction(new Stack(new App(), 'Stack'), 'Model', { config });
    console.log(fn.modelName, tensor('FP32', [1], [1]).shape);
  `;
  writeFileSync(join(cwd, 'app.ts'), script);
  const compile = [
    'npx',
    'tsc',
    '--ignoreConfig',
    '--module',
    'nodenext',
    '--skipLibCheck',
    'app.ts',
  ] as const;
  expect(await owner.run(cwd, ...compile)).toBe('');
  expect(readFileSync(join(cwd, 'app.js'), 'utf8')).toContain('require("coldpress/cdk")');
  // Without the flag, Node requires ES modules too, as Jest does not.
  const printed = await owner.run(cwd, 'node', '--no-experimental-require-module', 'app.js');
  expect(printed).toBe('model [ 1 ]\n');
});

test('npx cdk synth gives both stages the same artifact', { timeout: 120_000 }, async () => {
  await owner.run(projects.aws, 'npx', 'cdk', 'synth', '--quiet');
  const functions = ['staging', 'production'].map(stage => {
    const path = join(projects.aws, `cdk.out/tumour-${stage}.template.json`);
    const { Resources } = JSON.parse(readFileSync(path, 'utf8'));
    const { Properties } = Object.values<{ Type: string; Properties: Record<string, unknown> }>(
      Resources,
    ).find(({ Properties: { FunctionName } }) => FunctionName === `tumour-${stage}`)!;
    return Properties.Code;
  });
  expect(functions[0]).toEqual(functions[1]);
});

// Its shell is that of GitHub's machines: bash, and tar and cp of GNU.
describe.runIf(process.platform === 'linux')('the workflow', () => {
  let env: NodeJS.ProcessEnv;
  let origin: string;
  const contexts: Contexts = { 'github.base_ref': 'main' };

  beforeAll(async () => {
    const cwd = projects.aws;
    env = withLinkedInstall(owner.env, join(cwd, 'node_modules'), join(owner.folder, 'bin'));
    origin = join(owner.folder, 'origin.git');
    await owner.run(owner.folder, 'git', 'init', '--bare', '--quiet', origin);
    const git = (...args: string[]) => owner.run(cwd, 'git', ...args);
    await git('init', '--quiet', '--initial-branch', 'main');
    await git('commit', '--quiet', '--allow-empty', '--message', 'begin');
    await git('push', '--quiet', origin, 'main');
    await git('add', '--all');
    await git('commit', '--quiet', '--message', 'a project');
    await git('push', '--quiet', origin, 'main:change');
    const files = (await git('ls-files')).split('\n');
    expect(files).toEqual(expect.arrayContaining(['package-lock.json', 'model.onnx']));
    expect(files.filter(file => /^(node_modules|build|cdk\.out)/.test(file))).toEqual([]);
  });

  /** What actions/checkout leaves of a pull request. */
  async function checkout(name: string): Promise<string> {
    const cwd = join(owner.folder, name);
    await owner.run(owner.folder, 'git', 'clone', '--quiet', origin, name);
    await owner.run(cwd, 'git', 'checkout', '--quiet', '--detach', 'origin/change');
    return cwd;
  }

  function machine(name: string): NodeJS.ProcessEnv {
    const RUNNER_TEMP = join(owner.folder, `runner-${name}`);
    mkdirSync(RUNNER_TEMP);
    return { ...env, RUNNER_TEMP, RUNNER_ARCH: process.arch.toUpperCase() };
  }

  test.each(['aws', 'gcf'] as const)('of %s: production as staging, no expression in a script', target => {
    const { build, staging, production } = readWorkflow(projects[target]).jobs;
    const renamed = JSON.stringify(production!.steps).replaceAll('production', 'staging');
    expect(JSON.parse(renamed)).toEqual(staging!.steps);
    const scripts = [...build!.steps, ...staging!.steps].flatMap(({ run }) => run ?? []);
    expect(scripts.filter(script => script.includes('${{'))).toEqual([]);
  });

  test('builds where the base has no project, and deploys those bytes alone', {
    timeout: 240_000,
  }, async () => {
    const cwd = await checkout('first');
    const workflow = readWorkflow(cwd);
    const runner = { cwd, env: machine('first'), contexts };
    const results = [];
    for (const step of workflow.jobs.build!.steps.filter(({ run }) => run !== undefined)) {
      const ran = await runStep(step, runner);
      expect(ran.code, ran.printed).toBe(0);
      results.push(ran);
    }
    const notice = '::notice title=no benchmark::origin/main has no package-lock.json';
    expect(results.map(({ printed }) => printed).join('')).toContain(notice);
    const { sha256 = '' } = results.at(-1)!.outputs;
    const bytes = readFileSync(join(cwd, 'build.tar'));
    expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'));

    const next = await checkout('staging');
    const check = stepOf(workflow, 'staging', 'unpack the tested artifact');
    const deploying = { ...runner, cwd: next, contexts: { 'needs.build.outputs.sha256': sha256 } };
    writeFileSync(join(next, 'build.tar'), bytes);
    expect(await runStep(check, deploying)).toMatchObject({ code: 0, printed: 'build.tar: OK\n' });
    expect(readSamples(next)).toEqual(readSamples(cwd));

    const other = await checkout('tampered');
    writeFileSync(join(other, 'build.tar'), bytes);
    appendFileSync(join(other, 'build.tar'), '\n');
    expect((await runStep(check, { ...deploying, cwd: other })).code).toBe(1);
    expect((await runStep(check, { ...deploying, cwd: other, contexts: {} })).code).toBe(1);
    expect(existsSync(join(other, 'build'))).toBe(false);
  });

  test('fails where a cold start got slower than on the base', { timeout: 240_000 }, async () => {
    await owner.run(projects.aws, 'git', 'push', '--quiet', origin, 'main');
    const cwd = await checkout('slower');
    symlinkSync(join(projects.aws, 'node_modules'), join(cwd, 'node_modules'));
    const block = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700);\n';
    appendFileSync(join(cwd, 'score.ts'), block);
    const gate = stepOf(readWorkflow(cwd), 'build', 'benchmark gate');
    const vars = { ...contexts, 'vars.BENCH_SAMPLES': '2' };
    const ran = await runStep(gate, { cwd, env: machine('slower'), contexts: vars });
    expect(ran.code, ran.printed).toBe(3);
    expect(ran.printed).toMatch(/slower/);
  });

  test('replays the samples on AWS', { timeout: 120_000 }, async () => {
    const cwd = projects.aws;
    // The local Lambda knows a function by its model's name; the stack gives it that of its stage.
    const config = readFileSync(join(cwd, 'coldpress.config.ts'), 'utf8');
    writeFileSync(join(cwd, 'staging.config.ts'), config.replace("'tumour'", "'tumour-staging'"));
    await owner.run(cwd, 'npx', 'coldpress', 'pack', '--config', 'staging.config.ts', '--out', 'staged');
    const url = await owner.serve(cwd, 'serve', 'staged');
    const credentials = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_REGION: 'eu-west-1' };
    const asked = { cwd, env: { ...env, ...credentials, AWS_ENDPOINT_URL_LAMBDA: url }, contexts };
    const replay = stepOf(readWorkflow(cwd), 'staging', 'node bin/replay.ts staging');
    expect(await runStep(replay, asked)).toMatchObject({
      code: 0,
      printed: expect.stringContaining('tumour-staging returned the expected results'),
    });

    const path = join(cwd, 'build/samples.json');
    const changed = readSamples(cwd);
    changed.samples[0].result.output_probability[0] += 0.1;
    const before = readFileSync(path);
    writeFileSync(path, JSON.stringify(changed));
    const differs = await runStep(replay, asked);
    writeFileSync(path, before);
    expect(differs.code).not.toBe(0);
    expect(differs.printed).toMatch(/output_probability\[0\] is .*; expected /);
  });

  describe('on Google', () => {
    let google: LocalGoogle;
    const location = 'projects/p/locations/europe-west1';
    const place = { 'vars.GOOGLE_PROJECT': 'p', 'vars.GOOGLE_REGION': 'europe-west1' };

    beforeAll(async () => {
      google = await startGoogle();
      google.tagUrl = await owner.serve(projects.gcf, 'serve', 'build');
    });

    afterAll(() => google?.close());

    /** The scripts of a stage's job from the candidate on, with Google's address the only difference. */
    async function deploy(cwd: string, stage: string, vars: Contexts) {
      const [candidate, replay, release] = readWorkflow(cwd)
        .jobs[stage]!.steps.filter(({ run }) => run?.startsWith('node bin/'))
        .map(step => ({
          ...step,
          run: step.run!.replace(/deploy\.ts \w+ \w+/, `$& --endpoint-url ${google.url}`),
        }));
      const made = await runStep(candidate!, { cwd, env, contexts: vars });
      expect(made.code, made.printed).toBe(0);
      return {
        outputs: made.outputs,
        replay: (url: string) =>
          runStep(replay!, { cwd, env, contexts: { 'steps.candidate.outputs.url': url } }),
        release: () => runStep(release!, { cwd, env, contexts: vars }),
      };
    }

    test('a revision is checked without traffic, then given it', { timeout: 120_000 }, async () => {
      const service = () => google.services.get(`${location}/services/tumour-google-staging`).service;
      const revision = (number: number) => `tumour-google-staging-0000${number}-abc`;
      for (const number of [1, 2]) {
        const { outputs, replay, release } = await deploy(projects.gcf, 'staging', place);
        expect(outputs).toEqual({ url: google.tagUrl, audience: service().uri });
        expect(await replay(outputs.url!)).toMatchObject({
          code: 0,
          printed: expect.stringContaining('returned the expected results'),
        });
        if (number === 2) {
          expect(service().traffic[0]).toMatchObject({ revision: revision(1), percent: 100 });
        }
        expect(await release()).toMatchObject({ code: 0 });
        expect(service().traffic[0]).toMatchObject({ revision: revision(number), percent: 100 });
      }
    });

    test('an event function is checked through an HTTP function beside it', {
      timeout: 120_000,
    }, async () => {
      const cwd = await owner.init('tumour-events', '--no-install', '--target', 'gcf', '--trigger', 'pubsub');
      symlinkSync(join(projects.gcf, 'node_modules'), join(cwd, 'node_modules'));
      await owner.run(cwd, 'npx', 'coldpress', 'pack');
      const vars = { ...place, 'vars.TOPIC': 'scans' };
      const { outputs, replay, release } = await deploy(cwd, 'staging', vars);
      expect(outputs.url).toBe('https://tumour-events-staging-check-x.run.app');
      const names = [...google.functions.keys()].filter(name => name.includes('events'));
      expect(names).toEqual([`${location}/functions/tumour-events-staging-check`]);
      expect(await replay(await owner.serve(cwd, 'serve', 'build'))).toMatchObject({ code: 0 });
      expect(await release()).toMatchObject({ code: 0 });
      expect(google.functions.get(`${location}/functions/tumour-events-staging`)).toMatchObject({
        buildConfig: { entryPoint: 'event' },
        eventTrigger: { pubsubTopic: 'projects/p/topics/scans' },
      });
    });
  });
});
