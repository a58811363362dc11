import type { Readable } from 'node:stream';

export interface WholeBody {
  /** Empty if the body did not fit. */
  bytes: Buffer;
  sizeBytes: number;
  fits: boolean;
}

/**
 * Reads a body to its end, but discards it once it does not fit: otherwise a client that is still sending would see a
 * broken connection instead of the error. It uses events, because an iterator costs a turn of the event loop per chunk,
 * which would separate requests that arrived together.
 * @param fits - whether this many bytes may be kept; called for each chunk until it returns false
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
    /** Listeners keep the body as long as anything keeps the stream, and the functions framework keeps its last one. */
    function letGo() {
      stream.off('data', take).off('error', fail).off('end', end);
      chunks = [];
    }
    stream.on('data', take).once('error', fail).once('end', end);
  });
}
