import { ColdpressError } from '../errors.ts';
import { formatFrame } from '../local/log/explain.ts';
import { errorOf } from '../local/outcome.ts';
import type { RunningFunction } from '../local/run-function.ts';

/**
 * Closes a function whose INIT failed, because it would answer every request with that error.
 * @throws ColdpressError FUNCTION_NOT_STARTED, with the function's error
 */
export async function expectStarted(running: RunningFunction): Promise<void> {
  const init = await running.init();
  if (init.kind === 'ready') {
    return;
  }
  await running.close();
  const [thrown] = running.lastException()?.frames ?? [];
  const { errorMessage } = JSON.parse(errorOf(init.failure, 'init', init.initMs / 1000).payload.toString());
  throw new ColdpressError('FUNCTION_NOT_STARTED', `the function did not start: ${errorMessage}`, {
    hint: thrown === undefined ? 'run it with --verbose to see its log' : formatFrame(thrown),
  });
}
