import { readFileSync } from 'node:fs';
import { explainSystemError } from '../system-error.ts';

/**
 * The text of a project's file, or `undefined` if there is none.
 * @throws ColdpressError FILE_EXPECTED, FILE_FORBIDDEN
 */
export function readExisting(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      return undefined;
    }
    throw explainSystemError(error, path);
  }
}
