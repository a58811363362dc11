import { execFile } from 'node:child_process';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ColdpressError } from '../../errors.ts';

const run = promisify(execFile);

/** Makes the next read of a folder's files come from the disk. */
export interface PageCache {
  how: string;
  drop(): Promise<void>;
}

/** https://www.gnu.org/software/coreutils/dd: `nocache` with `count=0` drops a whole file, by posix_fadvise. */
const dropFiles = 'for file; do dd if="$file" iflag=nocache count=0 status=none || exit 1; done';
/** Bytes of each file that remain in memory, one file per line. https://man7.org/linux/man-pages/man1/fincore.1.html */
const fincoreFlags = ['--bytes', '--noheadings', '--output', 'RES,SIZE'];
/** A page or two may remain if files are read while they are dropped. */
const mostResident = 0.02;

/**
 * Prepares the files below `dir` for being dropped from the page cache, and verifies that this works.
 * @throws ColdpressError `COLD_DISK_UNAVAILABLE`
 */
export async function openPageCache(dir: string): Promise<PageCache> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  // Pages that are not yet on the disk cannot be dropped.
  for (const file of files) {
    const handle = await open(file, 'r+');
    await handle.sync();
    await handle.close();
  }
  const drop = async () => void (await run('/bin/sh', ['-c', dropFiles, 'sh', ...files]));
  try {
    await drop();
  } catch (cause) {
    throw unavailable('GNU dd, which can drop files from the page cache, is not here', cause);
  }
  const left = await residentShare(files);
  if (left !== undefined && left > mostResident) {
    throw unavailable(`${Math.round(100 * left)} % of ${dir} stays in the page cache`);
  }
  return { how: `posix_fadvise by dd${left === undefined ? ', unchecked' : ', checked by fincore'}`, drop };
}

/** Returns `undefined` if fincore is not installed. */
async function residentShare(files: string[]): Promise<number | undefined> {
  try {
    const { stdout } = await run('fincore', [...fincoreFlags, ...files]);
    const rows = stdout
      .trim()
      .split('\n')
      .map(line => line.trim().split(/\s+/).map(Number));
    const sum = (column: number) => rows.reduce((total, row) => total + (row[column] ?? 0), 0);
    return sum(0) / Math.max(1, sum(1));
  } catch {
    return undefined;
  }
}

function unavailable(reason: string, cause?: unknown): ColdpressError {
  return new ColdpressError('COLD_DISK_UNAVAILABLE', `a cold disk cannot be measured: ${reason}`, {
    hint: 'Measure on Linux, with TMPDIR on a disk and not in memory, or leave --cold-disk out.',
    cause,
  });
}
