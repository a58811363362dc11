import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { LoadBytes } from './wire.ts';

const BLOCK_BYTES = 65_536;

/** A file in memory: all of it, or as much as `load` has read, with zeros elsewhere. */
export interface FileBytes {
  bytes: Uint8Array;
  load: LoadBytes;
  close(): void;
}

/** Opens a file to read in parts, forwards. Parts not loaded use no memory: the system maps pages on first access. */
export function openBytes(path: string): FileBytes {
  const file = openSync(path, 'r');
  const bytes = Buffer.alloc(fstatSync(file).size);
  return {
    bytes,
    load(start, end) {
      const to = Math.min(bytes.length, Math.ceil(end / BLOCK_BYTES) * BLOCK_BYTES);
      fill(file, bytes, { start, end: to });
      return to;
    },
    close: () => closeSync(file),
  };
}

/** Reads a whole file. `fs.promises.readFile` is slower because it reads large files in small pieces. */
export function readBytes(path: string): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.allocUnsafeSlow(fstatSync(file).size);
    fill(file, bytes, { start: 0, end: bytes.length });
    return bytes;
  } finally {
    closeSync(file);
  }
}

function fill(file: number, bytes: Buffer, { start, end }: { start: number; end: number }): void {
  for (let at = start; at < end; ) {
    const count = readSync(file, bytes, at, end - at, at);
    if (count === 0) {
      return void bytes.fill(0, at, end);
    }
    at += count;
  }
}
