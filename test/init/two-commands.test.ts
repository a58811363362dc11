import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packTarball, runIn, strangersEnvironment } from '../tarball.ts';

/** From an empty folder with a model, and coldpress in a registry. */

const folder = mkdtempSync(join(tmpdir(), 'coldpress-two-'));
const cwd = join(folder, 'churn');
const env = strangersEnvironment(join(folder, 'cache'));
let dev: ChildProcess | undefined;

beforeAll(async () => {
  await packTarball(env);
  mkdirSync(cwd);
  cpSync(join(import.meta.dirname, '../../examples/breast-cancer/model.onnx'), join(cwd, 'model.onnx'));
}, 300_000);

afterAll(async () => {
  if (dev?.exitCode === null) {
    // In a group of its own, as npx does not pass a signal on to what it started.
    process.kill(-dev.pid!, 'SIGINT');
    await once(dev, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
}, 60_000);

test('npx coldpress init, npx coldpress dev: a prediction; npx cdk synth: a template', {
  timeout: 300_000,
}, async () => {
  const startedAt = performance.now();
  await runIn(cwd, env, ['npx', '--yes', 'coldpress', 'init', '--yes']);
  expect(existsSync(join(cwd, 'node_modules/coldpress/package.json'))).toBe(true);
  // Of this folder, though one above is a project, too.
  expect(existsSync(join(folder, 'node_modules'))).toBe(false);

  const url = await startDev();
  const { request } = JSON.parse(readFileSync(join(cwd, 'build/function/model/golden.json'), 'utf8'));
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ float_input: request.inputs[0].data.slice(0, 30) }),
  });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ output_label: expect.any(Number) });
  console.log(
    `a served prediction ${((performance.now() - startedAt) / 1000).toFixed(1)} s after init began`,
  );

  await runIn(cwd, env, ['npx', 'cdk', 'synth', '--quiet']);
  expect(existsSync(join(cwd, 'cdk.out/churn-production.template.json'))).toBe(true);
});

async function startDev(): Promise<string> {
  dev = spawn('npx', ['coldpress', 'dev', '--port', '0', '--json'], {
    ...{ cwd, env, detached: true },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(dev.stdout!)) {
    const event = JSON.parse(line);
    if (event.kind === 'ready') {
      return event.url;
    }
  }
  throw new Error('nothing is served');
}

test('what cannot be installed is told; the project stands', { timeout: 120_000 }, async () => {
  const alone = join(folder, 'alone');
  mkdirSync(alone);
  cpSync(join(cwd, 'model.onnx'), join(alone, 'model.onnx'));
  const nowhere = { ...env, npm_config_registry: 'http://127.0.0.1:9/', npm_config_fetch_retries: '0' };
  const coldpress = join(cwd, 'node_modules/.bin/coldpress');
  const failed = runIn(alone, { ...nowhere, npm_config_cache: join(folder, 'empty') }, [
    coldpress,
    'init',
    '--yes',
  ]);
  await expect(failed).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('INSTALL_FAILED') });
  expect(existsSync(join(alone, 'score.ts'))).toBe(true);
});
