import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

const chunkBytes = 2 ** 18;

/** Yields a file in chunks. A chunk is valid until the next one is read. */
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

/** Passes a file's bytes to `use` and frees them right after: the rest of packing needs as much memory again. */
export function withBytes<T>(path: string, use: (bytes: Buffer) => T): T {
  const bytes = readFileSync(path);
  try {
    return use(bytes);
  } finally {
    // A small file's bytes may be in a pool that other buffers share.
    if (bytes.buffer.byteLength === bytes.length) {
      (bytes.buffer as ArrayBuffer).transfer(0);
    }
  }
}
