import { ColdpressError } from '../errors.ts';
import { isAlive } from '../is-alive.ts';
import { restoreAws } from './aws/bench-aws.ts';
import { restoreGcf } from './gcf/bench-gcf.ts';
import { type JournalEntry, openJournal } from './journal.ts';
import type { BenchOptions } from './options.ts';

/**
 * Restores what interrupted benchmarks changed.
 * @param options.evenRunning - also restores changes of a process that still seems to be running; its ID may have been
 * reused
 * @returns the names of the functions
 * @throws ColdpressError BENCH_CHANGED, after all others are restored, for one that somebody else has changed since
 */
export async function restoreFunctions({
  host,
  onProgress,
  evenRunning = false,
}: Pick<BenchOptions, 'host' | 'onProgress'> & { evenRunning?: boolean }): Promise<string[]> {
  const journal = openJournal(host.env);
  const restored: string[] = [];
  let changed: ColdpressError | undefined;
  const entries = await journal.list();
  for (const entry of entries.filter(entry => evenRunning || !isAlive(entry.pid))) {
    onProgress?.(`putting back ${entry.functionName}, which a benchmark changed on ${entry.startedAt}`);
    try {
      if (await restoreEntry(entry)) {
        restored.push(entry.functionName);
      }
    } catch (error) {
      if (!(error instanceof ColdpressError && error.code === 'BENCH_CHANGED')) {
        throw error;
      }
      changed ??= error;
    }
    await journal.remove(entry);
  }
  if (changed !== undefined) {
    throw changed;
  }
  return restored;
}

/** Returns whether the function still exists. */
async function restoreEntry(entry: JournalEntry): Promise<boolean> {
  try {
    await (entry.kind === 'aws' ? restoreAws(entry) : restoreGcf(entry));
    return true;
  } catch (error) {
    if (!(error instanceof ColdpressError)) {
      throw error;
    }
    if (error.code === 'AWS_FUNCTION_NOT_FOUND' || error.code === 'GCP_NOT_FOUND') {
      return false;
    }
    if (error.code === 'BENCH_CHANGED') {
      throw error;
    }
    const message = `${entry.functionName}, which a benchmark changed on ${entry.startedAt}, could not be restored: ${error.message}`;
    throw new ColdpressError(error.code, message, {
      ...(error.hint !== undefined && { hint: error.hint }),
      cause: error,
    });
  }
}
