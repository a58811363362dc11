import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/**
 * Throws the error of a process that could not be started. Call it right after `spawn`: if the system has run out of
 * files, even the child's streams do not exist.
 */
export async function expectStarted(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) {
    const [error] = await once(child, 'error');
    throw error;
  }
}
