import { ColdpressError } from './errors.ts';

/**
 * An error of a full disk is the user's to fix, whatever was being written: the cache, the temporary folder, the output.
 * @param place - where it was written; default: the path that the error names
 * @returns ColdpressError DISK_FULL, or the error itself where it is another one
 */
export function explainDiskFull(error: unknown, place?: string): unknown {
  const { code, path, dest, syscall } = error as NodeJS.ErrnoException & { dest?: string };
  if (code !== 'ENOSPC' && code !== 'EDQUOT') {
    return error;
  }
  const where = place ?? dest ?? path ?? `(${syscall})`;
  return new ColdpressError('DISK_FULL', `the disk is full: ${where}; nothing half-written was left`, {
    hint: 'free some space and run the command again; COLDPRESS_CACHE_DIR and TMPDIR name folders of another disk',
    cause: error,
  });
}
