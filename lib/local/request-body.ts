import type { IncomingMessage } from 'node:http';

export interface RequestBody {
  /** Empty where the request was too large. */
  bytes: Buffer;
  sizeBytes: number;
  tooLarge: boolean;
}

/**
 * Reads a request's body to its end, keeping no more than `limitBytes`: a client that is still sending would see a
 * broken connection in place of the answer that it sent too much.
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
