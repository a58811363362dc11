import { readSync } from 'node:fs';

/** A page that is in memory is read in 10 to 40 µs, from a fast disk in 60 and more. */
const inMemoryNs = 45_000;

/** A part of a file. */
export type Range = [offset: number, lengthBytes: number];

/** Whether the system seems to have a part of a file in its page cache, by how long two of its pages take. */
export function isInMemory(fd: number, [offset, length]: Range): boolean {
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
