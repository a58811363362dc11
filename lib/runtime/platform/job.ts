import type { ColdpressFunction } from '../function.ts';
import type { Observe } from '../telemetry/observe.ts';
import { loadChunk } from './load-chunk.ts';

/**
 * Scores this task's share of a bucket's objects and their parts, and ends with exit code 0 if all of them have results. Otherwise it
 * ends with 1, and the platform restarts the task.
 * @param options.fail - receives an error that prevents all scoring
 */
export async function startJob(
  fn: ColdpressFunction,
  { observe, process, fail }: { observe: Observe; process: NodeJS.Process; fail: (error: Error) => void },
): Promise<void> {
  // The first process of a container ignores signals without a listener. An object being scored has no results yet.
  process.once('SIGTERM', () => process.exit(143));
  process.once('SIGINT', () => process.exit(130));
  try {
    const { runJob } = await loadChunk<typeof import('../objects/job.ts')>('objects/job');
    const { env } = process;
    const { scored, skipped, failed } = await runJob(fn, {
      env,
      observe,
      log: console.error,
      note: console.log,
    });
    console.log(`${scored} objects or parts scored, ${skipped} had results, ${failed} failed`);
    process.exitCode = failed === 0 ? 0 : 1;
  } catch (error) {
    fail(error as Error);
  }
}
