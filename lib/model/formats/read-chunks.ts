import { closeSync, openSync, readSync } from 'node:fs';

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
