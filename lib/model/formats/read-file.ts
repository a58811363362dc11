import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

const chunkBytes = 2 ** 18;

/** A file piece by piece. A piece is valid until the next one is read. */
export function* readChunks(path: string): Generator<Buffer> {
  const chunk = Buffer.alloc(chunkBytes);
  const file = openSync(path, 'r');
  try {
    for (let count = readSync(file, chunk); count > 0; count = readSync(file, chunk)) {
      yield chunk.subarray(0, count);
    }
  } finally {
    closeSync(file);
  }
}

/** Passes on a file's bytes, and frees them at once afterwards: the rest of packing needs as much memory again. */
export function withBytes<T>(path: string, use: (bytes: Buffer) => T): T {
  const bytes = readFileSync(path);
  try {
    return use(bytes);
  } finally {
    // A small file's bytes may be in a pool that others use.
    if (bytes.buffer.byteLength === bytes.length) {
      (bytes.buffer as ArrayBuffer).transfer(0);
    }
  }
}
