import { type ChildProcess, spawn } from 'node:child_process';
import { extname } from 'node:path';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** One line on the reaper's stdin: a process group or a folder whose end it takes over, or gives up. */
export interface Charge {
  kind: 'process' | 'folder';
  id: string;
  done: boolean;
}

const entry = fileURLToPath(new URL(`./reaper-process${extname(import.meta.url)}`, import.meta.url));

let started: ChildProcess | undefined;

/**
 * Has a child process end with this one, even when this one is killed and can do nothing about it.
 * A child that leads a process group takes the group with it.
 */
export function reapProcess(child: ChildProcess): void {
  if (child.pid !== undefined) {
    const release = charge('process', String(child.pid));
    child.once('exit', release);
  }
}

/**
 * Has a temporary folder removed after this process was killed.
 * @returns a function to call when the folder has been removed
 */
export function reapFolder(dir: string): () => void {
  return charge('folder', dir);
}

function charge(kind: Charge['kind'], id: string): () => void {
  tell({ kind, id, done: false });
  return () => tell({ kind, id, done: true });
}

function tell(charge: Charge): void {
  started ??= startReaper();
  started.stdin?.write(`${JSON.stringify(charge)}\n`);
}

/** A process of its own, so that nothing has to run in the processes that are measured. */
function startReaper(): ChildProcess {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // In a session of its own: what ends a terminal's processes leaves it.
    detached: true,
    windowsHide: true,
  });
  // Without it a kill leaves what it left before; the next run removes the folders.
  child.on('error', () => {});
  child.unref();
  // Missing where the process could not be started. A pipe is a socket, which can be unreferenced.
  const stdin = child.stdin as (Writable & { unref(): void }) | undefined;
  stdin?.on('error', () => {});
  stdin?.unref();
  return child;
}
