import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ColdpressError } from '../../errors.ts';
import { isAlive } from '../../is-alive.ts';

/**
 * Keeps a second run from writing the same results; a run that was killed holds nothing.
 * @returns what ends it
 * @throws ColdpressError BATCH_RUNNING
 */
export async function claimOutput(stateDir: string): Promise<() => Promise<void>> {
  const path = join(stateDir, 'running');
  for (;;) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(`${process.pid}\n`);
      await file.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw error;
      }
    }
    const pid = Number(await readFile(path, 'utf8').catch(() => '0'));
    if (isAlive(pid)) {
      throw new ColdpressError('BATCH_RUNNING', `process ${pid} is writing results there`, {
        hint: `wait for it, or name another folder; if ${pid} is no coldpress batch, delete ${path}`,
      });
    }
    await rm(path, { force: true });
  }
}
