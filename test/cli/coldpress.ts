import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const bin = join(root, 'bin/coldpress.js');

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-cli-'));
const children: ChildProcess[] = [];

afterAll(() => {
  for (const child of children) {
    child.kill('SIGKILL');
  }
  rmSync(scratch, { recursive: true, force: true });
});

/** A folder of its own, which goes with the test file. */
export function folder(name: string): string {
  const dir = join(scratch, name);
  mkdirSync(dir, { recursive: true });
  return dir;
}

export interface RunOptions {
  /** @default the repository's root */
  cwd?: string;
  /** @default node */
  command?: string;
  env?: Record<string, string>;
  stdin?: string;
}

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  child: ChildProcessByStdio<Writable, Readable, Readable>;
  ended: Promise<Ended>;
}

/** The environment of a terminal that shows colours, which nothing that is piped may use. */
function terminal(): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _, NO_COLOR: __, ...env } = process.env;
  return {
    ...env,
    TERM: 'xterm-256color',
  };
}

/** Starts the command line in a process group of its own, as a terminal does, so that a signal can reach all of it. */
export function start(args: string[], { cwd = root, command, env = {}, stdin }: RunOptions = {}): Running {
  const child = spawn(command ?? process.execPath, command === undefined ? [bin, ...args] : args, {
    cwd,
    env: { ...terminal(), ...env },
    detached: process.platform !== 'win32',
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  children.push(child);
  const ended = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]).then(
    ([[code, signal], stdout, stderr]) => ({ code, signal, stdout, stderr }),
  );
  child.stdin.end(stdin);
  return { child, ended };
}

export function run(args: string[], options?: RunOptions): Promise<Ended> {
  return start(args, options).ended;
}
