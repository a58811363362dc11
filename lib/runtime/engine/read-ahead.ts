import { closeSync, fstatSync, openSync, read, readSync } from 'node:fs';

/** Of Lambda's storage, which brings a function's files in pieces of 512 KiB: https://arxiv.org/abs/2305.13162 */
const chunkBytes = 2 ** 19;

/** A page that is in memory is read in 10 to 40 µs, from a fast disk in 60 and more. */
const inMemoryNs = 45_000;

export type Range = [offset: number, lengthBytes: number];

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
      readParts(fd, parts);
    }
  } catch {
    if (fd !== undefined) {
      closeSync(fd);
    }
  }
}

function readParts(fd: number, parts: Range[]): void {
  // For all at once: nobody looks at it.
  const scratch = Buffer.allocUnsafeSlow(chunkBytes);
  let open = 0;
  for (const [offset, length] of parts) {
    const end = offset + length;
    for (let at = offset; at < end; at += chunkBytes) {
      open++;
      read(fd, scratch, 0, Math.min(chunkBytes, end - at), at, () => {
        open--;
        if (open === 0) {
          closeSync(fd);
        }
      });
    }
  }
}

function isInMemory(fd: number, [offset, length]: Range): boolean {
  const at = (part: number) => offset + Math.floor(part * length);
  // The first read of a process takes as long as that of a disk: Node makes itself ready for it.
  timeOfRead(fd, at(0.25));
  return Math.min(timeOfRead(fd, at(0.5)), timeOfRead(fd, at(0.75))) < inMemoryNs;
}

function timeOfRead(fd: number, offset: number): number {
  const started = process.hrtime();
  readSync(fd, Buffer.allocUnsafe(1), 0, 1, offset);
  const [seconds, nanoseconds] = process.hrtime(started);
  return seconds * 1e9 + nanoseconds;
}
