import { join } from 'node:path';
import { tryClaim } from '../../claim.ts';
import { ColdpressError } from '../../errors.ts';

/**
 * Keeps a second run from writing the same results. A run that was killed no longer has a claim.
 * @returns a function that ends the claim
 * @throws ColdpressError BATCH_RUNNING
 */
export async function claimOutput(stateDir: string): Promise<() => Promise<void>> {
  const path = join(stateDir, 'running');
  const claimed = await tryClaim(path);
  if ('release' in claimed) {
    return claimed.release;
  }
  const pid = claimed.heldBy;
  throw new ColdpressError('BATCH_RUNNING', `process ${pid} is writing results there`, {
    hint: `wait for it, or choose another folder; if process ${pid} is not coldpress batch, delete ${path}`,
  });
}
