import { createServer, type IncomingHttpHeaders } from 'node:http';
import { onTestFinished } from 'vitest';

export interface FakeRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface FakeAnswer {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** For what may take as long as it does. */
export const noDeadline = new AbortController().signal;

/**
 * A server on this machine, for the length of a test, that keeps the requests it got.
 * @param answer - `undefined` leaves a request open
 */
export async function fakeServer(answer: (request: FakeRequest, count: number) => FakeAnswer | undefined) {
  const requests: FakeRequest[] = [];
  const server = createServer(async (message, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of message) {
      chunks.push(chunk);
    }
    const { method = '', url: path = '', headers } = message;
    const request = { method, path, headers, body: Buffer.concat(chunks) };
    requests.push(request);
    const given = answer(request, requests.length);
    if (given === undefined) {
      return;
    }
    const { status = 200, headers: own = {}, body = '' } = given;
    response.writeHead(status, own);
    response.end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as { port: number };
  return { host: `127.0.0.1:${port}`, requests };
}
