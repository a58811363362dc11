import { once } from 'node:events';
import {
  request as forward,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { pipeline } from 'node:stream/promises';
import { sendJson } from './send-json.ts';

/**
 * Passes a request on to the server at `url`, even if the request's target names another host, and returns the answer.
 * @param onHeaders - receives the answer's headers
 * @param replaceFailure - returns a JSON body for an answer with status 500 or above (default: its own)
 */
export async function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  {
    url,
    onHeaders,
    replaceFailure,
  }: {
    url: string;
    onHeaders?: (headers: IncomingHttpHeaders) => void;
    replaceFailure?: (() => Promise<Buffer | undefined>) | undefined;
  },
): Promise<void> {
  const { hostname, port } = new URL(url);
  const { method, url: path, headers } = request;
  const onward = forward({ hostname, port, method, path, headers: endToEnd(headers) });
  // The client may disconnect before the answer.
  response.once('close', () => onward.destroy());
  request.pipe(onward);
  let answer: IncomingMessage;
  try {
    [answer] = await once(onward, 'response');
  } catch (error) {
    const { message } = error as Error;
    return sendJson(response, 502, {
      error: `the function's process ended or closed the connection before it answered: ${message}`,
    });
  }
  // A later failure also ends the client's connection.
  onward.on('error', () => {});
  onHeaders?.(answer.headers);
  const status = answer.statusCode ?? 502;
  const body = status >= 500 ? await replaceFailure?.() : undefined;
  if (body !== undefined) {
    answer.resume();
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    return;
  }
  response.writeHead(status, endToEnd(answer.headers));
  await pipeline(answer, response);
}

/**
 * The headers without those of a single connection. `transfer-encoding` stays: Node needs it for framing.
 * https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
 */
function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = (headers.connection ?? '').toLowerCase().split(/\s*,\s*/);
  const dropped = new Set([
    'connection',
    'keep-alive',
    'proxy-connection',
    'te',
    'trailer',
    'upgrade',
    ...named,
  ]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name)));
}
