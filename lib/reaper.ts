import { type ChildProcess, spawn } from 'node:child_process';
import { extname } from 'node:path';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { compileCacheVariable } from './compile-cache.ts';

/** One line on the reaper's stdin: registers a process group or folder for cleanup, or releases it. */
export interface Charge {
  kind: 'process' | 'folder';
  id: string;
  done: boolean;
}

const entry = fileURLToPath(new URL(`./reaper-process${extname(import.meta.url)}`, import.meta.url));

let started: ChildProcess | undefined;

/**
 * Ensures that a child process ends with this one, even if this one is killed. If the child leads a process group, the
 * whole group ends.
 */
export function reapProcess(child: ChildProcess): void {
  if (child.pid !== undefined) {
    const release = charge('process', String(child.pid));
    child.once('exit', release);
  }
}

/**
 * Ensures that a temporary folder is removed, even if this process is killed.
 * @returns a function to call when the folder has been removed
 */
export function reapFolder(dir: string): () => void {
  return charge('folder', dir);
}

function charge(kind: Charge['kind'], id: string): () => void {
  send({ kind, id, done: false });
  return () => send({ kind, id, done: true });
}

function send(charge: Charge): void {
  started ??= startReaper();
  started.stdin?.write(`${JSON.stringify(charge)}\n`);
}

/** A separate process, so that nothing has to run in the processes that are measured. */
function startReaper(): ChildProcess {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { ...process.env, ...compileCacheVariable() },
    // A session of its own, so that signals to a terminal's processes do not reach it.
    detached: true,
    windowsHide: true,
  });
  // Without a reaper, a kill leaves processes and folders behind; the next run removes the folders.
  child.on('error', () => {});
  child.unref();
  // Missing if the process could not be started. A pipe is a socket, which can be unreferenced.
  const stdin = child.stdin as (Writable & { unref(): void }) | undefined;
  stdin?.on('error', () => {});
  stdin?.unref();
  return child;
}
