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
    function take(chunk: Buffer) {
      sizeBytes += chunk.length;
      isKept &&= fits(sizeBytes);
      if (isKept) {
        chunks.push(chunk);
      } else {
        chunks = [];
      }
    }
    function fail(error: Error) {
      letGo();
      reject(error);
    }
    function end() {
      const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      letGo();
      resolve({ bytes, sizeBytes, fits: isKept });
    }
    /** Listeners would keep the body for as long as anything keeps the stream: the functions framework does the last. */
    function letGo() {
      stream.off('data', take).off('error', fail).off('end', end);
      chunks = [];
    }
    stream.on('data', take).once('error', fail).once('end', end);
  });
}
