import type { ServerResponse } from 'node:http';
import type { HttpResponse } from '../http/types.ts';

/** @param options.isLast - whether the connection closes after this answer */
export async function writeResponse(
  { status, headers, body, stream }: HttpResponse,
  response: ServerResponse,
  { isLast }: { isLast: boolean },
): Promise<void> {
  const closing = isLast ? { connection: 'close' } : {};
  if (stream !== undefined) {
    response.writeHead(status, { ...headers, ...closing });
    return writeStream(stream, response);
  }
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
  const isBodiless = status === 204 || response.req?.method === 'HEAD';
  response.writeHead(status, {
    ...headers,
    ...(isBodiless ? {} : { 'content-length': length }),
    ...closing,
  });
  response.end(body);
}

/** Writes as fast as the client reads, while it is connected. A failure ends the connection: the status is sent. */
async function writeStream(stream: AsyncIterable<string>, response: ServerResponse): Promise<void> {
  try {
    for await (const part of stream) {
      if (response.closed) {
        return;
      }
      if (!response.write(part)) {
        await new Promise(resolve => response.once('drain', resolve).once('close', resolve));
      }
    }
    response.end();
  } catch (error) {
    console.error(error);
    response.destroy();
  }
}
