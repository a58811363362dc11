import { statSync } from 'node:fs';
import { ColdpressError } from '../errors.ts';

const moduleEnding = /\.[cm]?[jt]sx?$/;

/**
 * Checks that `score` names a module, before any work.
 * @param configPath - the config that names it, if it is a file
 * @throws ColdpressError SCORE_MISSING, SCORE_COMPILE
 */
export function checkScoreFile(path: string | undefined, configPath = 'the config'): void {
  const stats = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false });
  if (path === undefined || (stats?.isFile() === true && moduleEnding.test(path))) {
    return;
  }
  if (stats === undefined) {
    throw new ColdpressError('SCORE_MISSING', `score file not found: ${path}`, {
      hint: `"score" in ${configPath} is a path relative to the config, with its ending`,
    });
  }
  const problem = stats.isDirectory() ? 'is a folder' : 'is not a TypeScript or JavaScript module';
  throw new ColdpressError('SCORE_COMPILE', `score ${problem}: ${path}`, {
    hint: `name the module with encode and decode, for example ./score.ts, as "score" in ${configPath}`,
  });
}
