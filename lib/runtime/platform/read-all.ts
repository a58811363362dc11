import type { Readable } from 'node:stream';

export interface WholeBody {
  /** Empty where it was too large. */
  bytes: Buffer;
  sizeBytes: number;
  tooLarge: boolean;
}

/**
 * Reads a body to its end, keeping no more than the limit: a client that is still sending would see a broken
 * connection in place of the answer that it sent too much. By events, for an iterator costs a turn of the event loop
 * for each chunk, in which requests that arrived together would part.
 */
export function readAll(stream: Readable, limitBytes: number): Promise<WholeBody> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let sizeBytes = 0;
    stream.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes <= limitBytes) {
        chunks.push(chunk);
      } else {
        chunks = [];
      }
    });
    stream.once('error', reject);
    stream.once('end', () => {
      const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      resolve({ bytes, sizeBytes, tooLarge: sizeBytes > limitBytes });
    });
  });
}
