import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ColdpressError } from '../errors.ts';
import { reapProcess } from '../reaper.ts';
import { expectStarted } from '../started-process.ts';
import type { ProcessExit } from './function-error.ts';
import { peakMemoryMb } from './peak-memory.ts';

/** One process of the function, which Cloud Run calls an instance. */
export interface ServerProcess {
  url: string;
  pid: number;
  /** From the process's start until it accepted connections. */
  readyMs: number;
  exited: Promise<ProcessExit>;
  /** The last known peak; `undefined` if the host does not report it. */
  memoryMb(): number | undefined;
  /** Kills the process immediately, if it still runs. */
  kill(): void;
  /** Stops as Cloud Run does: SIGTERM, and SIGKILL after 10 seconds. */
  stop(): Promise<ProcessExit>;
}

export interface ServerProcessOptions {
  /** The program and its arguments. */
  command: readonly [string, ...string[]];
  cwd: string;
  /** The complete environment, including PORT. */
  env: Record<string, string>;
  onLog(text: string): void;
  /** How long it may take to listen: Cloud Run's startup probe allows 4 minutes. */
  startLimitMs: number;
  /** Aborts the wait and ends the process. */
  signal?: AbortSignal | undefined;
}

const pollMs = 1;
const killAfterMs = 10_000;

/**
 * Starts the function's process and waits until it listens.
 * @throws ColdpressError FUNCTION_NOT_STARTED with the end of its log; the signal's reason
 */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const [program, ...args] = options.command;
  const startedAt = performance.now();
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C in a terminal reaches only coldpress, which ends the function as Cloud Run would.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  await expectStarted(child);
  reapProcess(child);
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-4096);
      options.onLog(text);
    });
  }
  let exit: ProcessExit | undefined;
  const exited = new Promise<ProcessExit>(resolve => {
    child.once('close', (code, signal) => resolve({ code, signal }));
    child.once('error', error => {
      log += error.message;
      resolve({ code: -1, signal: null });
    });
  });
  exited.then(end => {
    exit = end;
  });

  let peak: number | undefined;
  async function stop() {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    return exited.finally(() => clearTimeout(timer));
  }
  while (!(await accepts(Number(options.env.PORT)))) {
    if (exit !== undefined) {
      throw notStarted(`the function ended before it listened (exit code ${exit.code})`, log);
    }
    if (options.signal?.aborted === true) {
      child.kill('SIGKILL');
      await exited;
      options.signal.throwIfAborted();
    }
    if (performance.now() - startedAt > options.startLimitMs) {
      await stop();
      throw notStarted(`the function does not listen after ${options.startLimitMs} ms`, log);
    }
    await sleep(pollMs);
  }
  return {
    url: `http://127.0.0.1:${options.env.PORT}`,
    pid: child.pid!,
    readyMs: performance.now() - startedAt,
    exited,
    memoryMb() {
      peak = peakMemoryMb(child.pid) ?? peak;
      return peak;
    },
    kill: () => void child.kill('SIGKILL'),
    stop,
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => socket.end(() => resolve(true)));
    socket.once('error', () => resolve(false));
  });
}

function notStarted(message: string, log: string): ColdpressError {
  return new ColdpressError('FUNCTION_NOT_STARTED', message, { hint: log.trim() || 'it printed nothing' });
}
