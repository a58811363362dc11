import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { LoadBytes } from './wire.ts';

const BLOCK_BYTES = 65_536;

/** A file in memory: all of it, or as much as `load` was asked for, with zeros elsewhere. */
export interface FileBytes {
  bytes: Uint8Array;
  load: LoadBytes;
  close(): void;
}

/** Opens a file to be read in parts, forwards. What is not loaded costs no memory: the system maps it when it is touched. */
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

/** Reads a whole file. As quick as can be: `fs.promises.readFile` takes large files in small pieces. */
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
