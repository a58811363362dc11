import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { version } from '../lib/version.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const execute = promisify(execFile);

/**
 * A stranger's environment: none of what npm and this project set for their scripts, and the registry of this run in
 * place of the one that the machine is set to.
 * @param cache - its own, so that nothing packed before is found again
 */
export function strangersEnvironment(cache: string): NodeJS.ProcessEnv {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm_|NODE_(ENV|OPTIONS|PATH)|VITEST|ONNXRUNTIME|(https?_|no_|all_)proxy$)/i.test(name),
    ),
  );
  const tools = (process.env.PATH ?? '').split(delimiter).filter(path => !path.includes('node_modules'));
  const shared = inject('runFolder');
  return {
    ...env,
    PATH: [dirname(process.execPath), ...tools].join(delimiter),
    COLDPRESS_CACHE_DIR: cache,
    npm_config_registry: inject('registry'),
    npm_config_cache: join(shared, 'npm'),
    // Neither is there: what this machine's user has set is not for the tests.
    npm_config_userconfig: join(shared, 'user.npmrc'),
    npm_config_globalconfig: join(shared, 'global.npmrc'),
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
  };
}

/** Runs a program to its end, with nothing on stdin, and gives what it printed. */
export async function runIn(
  cwd: string,
  env: NodeJS.ProcessEnv,
  [program, ...args]: [string, ...string[]],
): Promise<string> {
  const running = execute(program, args, { cwd, env, maxBuffer: 2 ** 26 });
  running.child.stdin?.end();
  return (await running).stdout;
}

/** Stores in place of compressing, which would take npm longer than all that tests look at. */
const storeOnly = `--import=data:text/javascript,${encodeURIComponent(`
  import zlib from 'node:zlib';
  const { Gzip } = zlib;
  zlib.Gzip = function (options) {
    return new Gzip({ ...options, level: 0 });
  };
`)}`;

/** What `npm pack` makes of this folder: by the first test file that asks, for all of the run. It builds dist/. */
export async function packTarball(env: NodeJS.ProcessEnv): Promise<string> {
  const folder = inject('runFolder');
  const name = `coldpress-${version}.tgz`;
  const packing = join(folder, 'packing');
  while (!existsSync(join(folder, name))) {
    if (mayMake(packing)) {
      try {
        await runIn(root, env, ['npm', 'run', 'prepack']);
        const flags = ['--ignore-scripts', '--silent', '--pack-destination', packing];
        await runIn(root, { ...env, NODE_OPTIONS: storeOnly }, ['npm', 'pack', ...flags]);
        renameSync(join(packing, name), join(folder, name));
      } finally {
        rmSync(packing, { recursive: true });
      }
    } else {
      await setTimeout(200);
    }
  }
  return join(folder, name);
}

/** Whether it was this process that made the folder. */
function mayMake(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw error;
  }
}
