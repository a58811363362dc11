import { request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import { sendJson } from './send-json.ts';

/**
 * Passes a request on to the server at `url`, and its answer back, byte for byte.
 * @param onHeaders - told the answer's headers
 */
export function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  { url, onHeaders }: { url: string; onHeaders?: (headers: IncomingMessage['headers']) => void },
): void {
  const { method, headers } = request;
  const onward = forward(new URL(request.url ?? '/', url), { method, headers }, answer => {
    onHeaders?.(answer.headers);
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', error => {
    if (response.headersSent) {
      response.destroy();
    } else {
      sendJson(response, 502, { error: `the function went away: ${error.message}` });
    }
  });
  // Who asked may not wait for the answer.
  response.once('close', () => onward.destroy());
  request.pipe(onward);
}
