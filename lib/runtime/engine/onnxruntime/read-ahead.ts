import { closeSync, fstatSync, openSync, read } from 'node:fs';
import { isInMemory, type Range } from './in-memory.ts';

/** Of Lambda's storage, which brings a function's files in pieces of 512 KiB: https://arxiv.org/abs/2305.13162 */
export const chunkBytes = 2 ** 19;

/**
 * Has the system read a file by Node's own threads, while this one goes on: page after page, as they are touched, would
 * be slower. Does nothing where the file is in memory already, or cannot be read: whoever needs it will say so.
 * @param ranges - in its order. Default: all of it
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

/** Reads parts of a file by Node's own threads, and closes it. */
export function readInBackground(fd: number, parts: Range[]): void {
  // For all at once: nobody looks at it.
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
