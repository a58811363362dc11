import { ColdpressError } from '../errors.ts';

/** A full disk is the user's to mend, whatever was being written: the cache, the temporary folder, the output. */
export function explainSystemError(error: unknown): unknown {
  const { code, path, dest, syscall } = error as NodeJS.ErrnoException & { dest?: string };
  if (code !== 'ENOSPC' && code !== 'EDQUOT') {
    return error;
  }
  const place = dest ?? path ?? `(${syscall})`;
  return new ColdpressError('DISK_FULL', `the disk is full: ${place}; nothing half-written was left`, {
    hint: 'free some space, or set COLDPRESS_CACHE_DIR and TMPDIR to folders of another disk',
    cause: error,
  });
}
