import type { Readable } from 'node:stream';

export interface WholeBody {
  /** Empty where it did not fit. */
  bytes: Buffer;
  sizeBytes: number;
  fits: boolean;
}

/**
 * Reads a body to its end, keeping nothing of it once it does not fit: a client that is still sending would see a
 * broken connection in place of the answer that it sent too much. By events, for an iterator costs a turn of the event
 * loop for each chunk, in which requests that arrived together would part.
 * @param fits - whether so many bytes may be kept; asked with each chunk, until it says no
 */
export function readAll(stream: Readable, fits: (sizeBytes: number) => boolean): Promise<WholeBody> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let sizeBytes = 0;
    let isKept = true;
    stream.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length;
      isKept &&= fits(sizeBytes);
      if (isKept) {
        chunks.push(chunk);
      } else {
        chunks = [];
      }
    });
    stream.once('error', reject);
    stream.once('end', () => {
      const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      resolve({ bytes, sizeBytes, fits: isKept });
    });
  });
}
