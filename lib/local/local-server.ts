import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Hosts } from './hosts.ts';
import { refuseForeign } from './refuse-foreign.ts';
import { sendJson } from './send-json.ts';

export interface LocalServerOptions {
  hosts: Hosts;
  /** See `Admission`; the origins of the running function. */
  origins(): readonly string[];
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** A server for users of this machine. It refuses requests from web pages of other sites; no request can end it. */
export function createLocalServer({ hosts, origins, answer }: LocalServerOptions): Server {
  return createServer((request, response) => {
    const refusal = refuseForeign(request, { hosts, origins: origins() });
    if (refusal !== undefined) {
      // Otherwise the unread body would precede the next request of the connection.
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
