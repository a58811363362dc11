import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { packTarball, runIn, strangersEnvironment } from '../tarball.ts';

/** Somebody who has a model and a terminal, outside of this folder, and a registry with the packed coldpress. */
export interface Owner {
  folder: string;
  env: NodeJS.ProcessEnv;
  run(cwd: string, ...command: [string, ...string[]]): Promise<string>;
  /** A new folder with a model, made a project by `npx coldpress init`. */
  init(name: string, ...flags: string[]): Promise<string>;
  /** `npx coldpress COMMAND`, which serves until the end. @returns its URL */
  serve(cwd: string, ...command: string[]): Promise<string>;
  end(): Promise<void>;
}

export const model = fileURLToPath(new URL('../../examples/breast-cancer/model.onnx', import.meta.url));

export async function makeOwner(): Promise<Owner> {
  const folder = mkdtempSync(join(tmpdir(), 'coldpress-owner-'));
  const env: NodeJS.ProcessEnv = {
    ...strangersEnvironment(join(folder, 'cache')),
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@b.c',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@b.c',
  };
  await packTarball(env);
  const run: Owner['run'] = (cwd, ...command) => runIn(cwd, env, command);
  const ends: (() => Promise<unknown>)[] = [];

  return {
    folder,
    env,
    run,
    async init(name, ...flags) {
      const cwd = join(folder, name);
      mkdirSync(cwd);
      cpSync(model, join(cwd, 'model.onnx'));
      await run(cwd, 'npx', '--yes', 'coldpress', 'init', '--yes', ...flags);
      return cwd;
    },
    async serve(cwd, ...command) {
      // In a group of its own, as npx does not pass a signal on to what it started.
      const child = spawn('npx', ['coldpress', ...command, '--port', '0', '--json'], {
        cwd,
        env,
        detached: true,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const exited = once(child, 'exit');
      ends.push(() => {
        try {
          process.kill(-child.pid!, 'SIGINT');
        } catch {
          // It has ended by itself.
        }
        return exited;
      });
      for await (const line of createInterface(child.stdout)) {
        const { url } = JSON.parse(line);
        if (url !== undefined) {
          return url;
        }
      }
      throw new Error(`nothing is served in ${cwd}`);
    },
    async end() {
      await Promise.all(ends.map(end => end()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** An environment whose `npm ci` checks the lock and links what is installed already; all else is npm's. */
export function withLinkedInstall(env: NodeJS.ProcessEnv, installed: string, bin: string): NodeJS.ProcessEnv {
  const script = `#!/bin/sh
PATH=\${PATH#*:}
if [ "$1" = ci ]; then
  npm ci --dry-run && exec ln -s '${installed}' node_modules
fi
exec npm "$@"
`;
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'npm'), script, { mode: 0o755 });
  return { ...env, PATH: [bin, env.PATH].join(delimiter) };
}
