import { closeSync, fstatSync, openSync, read } from 'node:fs';
import { isInMemory, type Range } from './in-memory.ts';

/** Lambda's storage loads a function's files in 512 KiB chunks: https://arxiv.org/abs/2305.13162 */
export const chunkBytes = 2 ** 19;

/**
 * Has the system read a file on Node's own threads while this thread continues; page faults would read it more slowly,
 * page by page. Does nothing if the file is already in memory or unreadable; the code that needs it reports the error.
 * @param ranges - the parts, in reading order (default: the whole file)
 */
export function readAhead(path: string, ranges?: Range[]): void {
  let fd: number | undefined;
  try {
    fd = openSync(path, 'r');
    const parts = ranges ?? [[0, fstatSync(fd).size] satisfies Range];
    if (parts.every(part => isInMemory(fd!, part))) {
      closeSync(fd);
    } else {
      readInBackground(fd, parts);
    }
  } catch {
    if (fd !== undefined) {
      closeSync(fd);
    }
  }
}

/** Reads parts of a file on Node's own threads, then closes it. */
export function readInBackground(fd: number, parts: Range[]): void {
  // Shared by all reads, because nothing uses the content.
  const scratch = Buffer.allocUnsafeSlow(chunkBytes);
  let open = 1;
  const done = () => {
    open--;
    if (open === 0) {
      closeSync(fd);
    }
  };
  for (const [offset, length] of parts) {
    const end = offset + length;
    for (let at = offset; at < end; at += chunkBytes) {
      open++;
      read(fd, scratch, 0, Math.min(chunkBytes, end - at), at, done);
    }
  }
  done();
}
