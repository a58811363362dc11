import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Hosts } from './hosts.ts';
import { refuseForeign } from './refuse-foreign.ts';
import { sendJson } from './send-json.ts';

export interface LocalServerOptions {
  hosts: Hosts;
  /** See `Admission`; of the function that is up. */
  origins(): readonly string[];
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** A server for whoever works on this machine. What a web page of another site sends is refused; nothing ends it. */
export function createLocalServer({ hosts, origins, answer }: LocalServerOptions): Server {
  return createServer((request, response) => {
    const refusal = refuseForeign(request, { hosts, origins: origins() });
    if (refusal !== undefined) {
      // Unread, the body would stand before the next request of the connection.
      request.resume();
      return sendJson(response, refusal.status, { error: refusal.error });
    }
    answer(request, response).catch(() => {
      if (response.headersSent) {
        response.destroy();
      } else {
        sendJson(response, 500, { error: 'coldpress could not answer this request' });
      }
    });
  });
}
