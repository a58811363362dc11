import {
  createServer,
  request as forward,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';

/** What the front answers by at the moment. */
export interface Standing {
  /** Of the function that is up; the last that could be packed. */
  url?: string;
  /** The playground, of that function. */
  page?: string;
  /** Why the files as they are now cannot be packed. */
  error?: string;
}

/** A server that stays while functions behind it come and go. */
export function createFront(standing: () => Standing): Server {
  return createServer((request, response) => {
    const { url, page, error } = standing();
    if (request.url === '/_coldpress/state') {
      return sendJson(response, 200, { ready: url !== undefined, ...(error === undefined ? {} : { error }) });
    }
    if (url === undefined) {
      return sendJson(response, 503, { error: error ?? 'the function is being packed' });
    }
    if (request.url === '/_coldpress/' && page !== undefined) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
      return;
    }
    pass(request, response, url);
  });
}

function pass(request: IncomingMessage, response: ServerResponse, url: string): void {
  const { method, headers } = request;
  const onward = forward(new URL(request.url ?? '/', url), { method, headers }, answer => {
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
  request.pipe(onward);
}

function sendJson(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
