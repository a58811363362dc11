import { readSync } from 'node:fs';

/** Reading a page takes 10 to 40 µs from memory, and 60 µs or more from a fast disk. */
const inMemoryNs = 45_000;

/** A part of a file. */
export type Range = [offset: number, lengthBytes: number];

/** Whether part of a file appears to be in the system's page cache, judged by the time to read two of its pages. */
export function isInMemory(fd: number, [offset, length]: Range): boolean {
  const at = (part: number) => offset + Math.floor(part * length);
  // A process's first read takes as long as a disk read, because Node has to initialise.
  timeOfRead(fd, at(0.25));
  return Math.min(timeOfRead(fd, at(0.5)), timeOfRead(fd, at(0.75))) < inMemoryNs;
}

function timeOfRead(fd: number, offset: number): number {
  const started = process.hrtime();
  readSync(fd, Buffer.allocUnsafe(1), 0, 1, offset);
  const [seconds, nanoseconds] = process.hrtime(started);
  return seconds * 1e9 + nanoseconds;
}
