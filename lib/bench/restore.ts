import { restoreAws } from './aws/bench-aws.ts';
import { restoreGcf } from './gcf/bench-gcf.ts';
import { openJournal } from './journal.ts';
import type { BenchOptions } from './options.ts';

/**
 * Puts back what benchmarks changed that were killed before they could.
 * @returns the names of the functions
 */
export async function restoreFunctions({
  host,
  onProgress,
}: Pick<BenchOptions, 'host' | 'onProgress'>): Promise<string[]> {
  const journal = openJournal(host.env);
  const restored: string[] = [];
  for (const entry of await journal.list()) {
    onProgress?.(`putting back ${entry.functionName}, which a benchmark changed on ${entry.startedAt}`);
    await (entry.kind === 'aws' ? restoreAws(entry) : restoreGcf(entry));
    await journal.remove(entry);
    restored.push(entry.functionName);
  }
  return restored;
}
