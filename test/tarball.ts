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
 * A stranger's environment: none of what npm and this project set for their scripts, but where the registry is.
 * @param cache - its own, so that nothing packed before is found again
 */
export function strangersEnvironment(cache: string): NodeJS.ProcessEnv {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm_|NODE_(ENV|OPTIONS|PATH)|VITEST|ONNXRUNTIME)/i.test(name),
    ),
  );
  const { npm_config_registry: registry } = process.env;
  if (registry) {
    env.npm_config_registry = registry;
  }
  const tools = (process.env.PATH ?? '').split(delimiter).filter(path => !path.includes('node_modules'));
  env.PATH = [dirname(process.execPath), ...tools].join(delimiter);
  env.COLDPRESS_CACHE_DIR = cache;
  return env;
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

/** What `npm pack` makes of this folder: by the first test file that asks, for all of the run. It builds dist/. */
export async function packTarball(env: NodeJS.ProcessEnv): Promise<string> {
  const folder = inject('runFolder');
  const name = `coldpress-${version}.tgz`;
  const packing = join(folder, 'packing');
  while (!existsSync(join(folder, name))) {
    if (mayMake(packing)) {
      try {
        await runIn(root, env, ['npm', 'pack', '--silent', '--pack-destination', packing]);
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
