import { ColdpressError } from '../errors.ts';
import { errorOf } from '../local/outcome.ts';
import type { ServedArtifact } from '../local/serve.ts';

/**
 * Closes a function whose INIT failed: it would answer nothing but its error.
 * @throws ColdpressError FUNCTION_NOT_STARTED, with what it said
 */
export async function expectStarted({ init, close }: ServedArtifact): Promise<void> {
  if (init.kind === 'ready') {
    return;
  }
  await close();
  const { errorMessage } = JSON.parse(errorOf(init.failure, 'init', init.initMs / 1000).payload.toString());
  throw new ColdpressError('FUNCTION_NOT_STARTED', `the function did not start: ${errorMessage}`, {
    hint: 'its log, above, has the place',
  });
}
