import { accessSync, constants, statSync } from 'node:fs';
import { ColdpressError } from '../errors.ts';
import { missingHint } from '../missing-file.ts';
import { explainSystemError } from '../system-error.ts';

const moduleEnding = /\.[cm]?[jt]sx?$/;

/**
 * Checks that `score` names a module, before any work.
 * @param configPath - the config that names it, if it is a file
 * @throws ColdpressError SCORE_MISSING, SCORE_COMPILE, FILE_FORBIDDEN
 */
export function checkScoreFile(path: string | undefined, configPath = 'the config'): void {
  const stats = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false });
  if (path === undefined) {
    return;
  }
  if (stats?.isFile() === true && moduleEnding.test(path)) {
    checkReadable(path);
    return;
  }
  if (stats === undefined) {
    throw new ColdpressError('SCORE_MISSING', `score file not found: ${path}`, {
      hint: missingHint(path, `"score" in ${configPath} is a path relative to the config, with its ending`),
    });
  }
  const problem = stats.isDirectory() ? 'is a folder' : 'is not a TypeScript or JavaScript module';
  throw new ColdpressError('SCORE_COMPILE', `score ${problem}: ${path}`, {
    hint: `name the module with encode and decode, for example ./score.ts, as "score" in ${configPath}`,
  });
}

function checkReadable(path: string): void {
  try {
    accessSync(path, constants.R_OK);
  } catch (error) {
    throw explainSystemError(error, path);
  }
}
