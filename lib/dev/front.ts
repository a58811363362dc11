import { createServer, type Server } from 'node:http';
import { passOn } from '../local/pass-on.ts';
import { sendJson } from '../local/send-json.ts';
import { waitingPage } from './waiting-page.ts';

/** What the front answers by at the moment. */
export interface Standing {
  /** Of the function that is up; the last that could be packed. */
  url?: string;
  /** Why the files as they are now cannot be packed. */
  error?: string;
}

/** A server that stays while functions behind it come and go. */
export function createFront(standing: () => Standing): Server {
  return createServer((request, response) => {
    const { url, error } = standing();
    if (request.url === '/_coldpress/state') {
      return sendJson(response, 200, { ready: url !== undefined, ...(error === undefined ? {} : { error }) });
    }
    if (url === undefined && request.url === '/_coldpress/') {
      response.writeHead(503, { 'content-type': 'text/html; charset=utf-8' }).end(waitingPage(error));
      return;
    }
    if (url === undefined) {
      return sendJson(response, 503, { error: error ?? 'the function is being packed' });
    }
    passOn(request, response, { url });
  });
}
