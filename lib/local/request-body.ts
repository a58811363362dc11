import type { IncomingMessage } from 'node:http';

export interface RequestBody {
  /** Empty if the request was too large. */
  bytes: Buffer;
  sizeBytes: number;
  tooLarge: boolean;
}

/**
 * Reads a request's whole body but keeps at most `limitBytes`: a client that is still sending would see a broken
 * connection instead of the answer that the body is too large.
 */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<RequestBody> {
  let chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > limitBytes) {
      chunks = [];
    } else {
      chunks.push(chunk);
    }
  }
  return { bytes: Buffer.concat(chunks), sizeBytes, tooLarge: sizeBytes > limitBytes };
}
