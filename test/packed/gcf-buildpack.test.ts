import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { freePort } from '../../lib/local/free-port.ts';
import { example, makeScratch, packExample } from './pack-example.ts';

/**
 * What Google's buildpack does with a source, step by step, in an empty folder.
 * https://github.com/GoogleCloudPlatform/buildpacks: cmd/nodejs/npm/lib/lib.go, cmd/nodejs/functions_framework/lib/lib.go
 */

const run = promisify(execFile);
const scratch = makeScratch();
const workspace = join(scratch, 'workspace');
const PATH = `${dirname(process.execPath)}:${process.env.PATH}`;
// No registry answers there: whatever is not in the source is missing.
const env = {
  PATH,
  HOME: scratch,
  npm_config_registry: 'http://127.0.0.1:9',
  npm_config_cache: join(scratch, 'npm'),
};

function readJson(path: string) {
  return JSON.parse(readFileSync(join(workspace, path), 'utf8'));
}

beforeAll(async () => {
  const out = await packExample(scratch, 'gcf');
  cpSync(join(out, 'function'), workspace, { recursive: true });
  rmSync(join(workspace, 'node_modules'), { recursive: true, force: true });
  await run('npm', ['ci', '--quiet', '--no-fund', '--no-audit'], {
    cwd: workspace,
    env: { ...env, NODE_ENV: 'production' },
  });
}, 120_000);

test('npm ci has installed one link, and nothing has come from the registry', () => {
  expect(readdirSync(join(workspace, 'node_modules'))).toEqual([
    '.bin',
    '.package-lock.json',
    '@google-cloud',
  ]);
  expect(readdirSync(join(workspace, 'node_modules/@google-cloud'))).toEqual(['functions-framework']);
});

test('the lockfile is the one that npm would write', async () => {
  const before = readJson('package-lock.json');
  await run('npm', ['install', '--package-lock-only', '--quiet'], { cwd: workspace, env });
  expect(readJson('package-lock.json')).toEqual(before);
});

test('no script runs: neither one of the three that the buildpack looks for, nor an install script', () => {
  expect(readJson('package.json').scripts).toBeUndefined();
  expect(readJson('functions-framework/package.json').scripts).toBeUndefined();
  expect(readFileSync(join(workspace, '.npmrc'), 'utf8')).toContain('ignore-scripts=true');
});

test('main is there, and its syntax is right', async () => {
  const { main } = readJson('package.json');
  expect(existsSync(join(workspace, main))).toBe(true);
  await run('node', ['--check', main], { cwd: workspace, env });
});

test('the framework is a dependency, so its label can be read and it is the one that is started', async () => {
  expect(readJson('package.json').dependencies).toHaveProperty(['@google-cloud/functions-framework']);
  expect(readJson('node_modules/@google-cloud/functions-framework/package.json').version).toMatch(/^5\./);
  const { stdout } = await run('readlink', ['-f', 'node_modules/.bin/functions-framework'], {
    cwd: workspace,
  });
  expect(stdout.trim()).toMatch(/\/workspace\/functions-framework\/main\.cjs$/);
});

test('/bin/bash -c node_modules/.bin/functions-framework answers', async () => {
  const port = await freePort(0);
  const child = spawn('/bin/bash', ['-c', 'node_modules/.bin/functions-framework'], {
    cwd: workspace,
    env: {
      ...env,
      PORT: String(port),
      NODE_ENV: 'production',
      NODE_OPTIONS: '--max-old-space-size=192',
      FUNCTION_TARGET: 'http',
      FUNCTION_SIGNATURE_TYPE: 'http',
    },
    stdio: 'ignore',
  });
  try {
    const response = await firstAnswer(`http://127.0.0.1:${port}/`);
    expect(await response.json()).toMatchObject({ label: 'malignant' });
  } finally {
    child.kill('SIGKILL');
  }
}, 30_000);

async function firstAnswer(url: string): Promise<Response> {
  const body = readFileSync(join(example, 'record.json'), 'utf8');
  for (;;) {
    try {
      return await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    } catch {
      // It does not listen yet; the test's own time limit is the end of waiting.
      await sleep(20);
    }
  }
}

test('without a .gcloudignore of its own, gcloud would leave files out', () => {
  const ignored = readFileSync(join(workspace, '.gcloudignore'), 'utf8').split('\n').filter(Boolean);
  expect(ignored).toEqual(['.gcloudignore']);
});

test('every file says why it is there', () => {
  for (const { path, reason } of readJson('coldpress.json').files) {
    expect(reason, path).not.toBe('');
  }
});
