import type { Server } from 'node:http';
import type { Hosts } from '../local/hosts.ts';
import { createLocalServer } from '../local/local-server.ts';
import type { RunningFunction } from '../local/run-function.ts';
import { sendJson } from '../local/send-json.ts';
import { waitingPage } from './waiting-page.ts';

/** The current state that the front server answers from. */
export interface DevState {
  /** The running function, from the last successful pack. */
  running?: RunningFunction;
  /** Why the current files cannot be packed. */
  error?: string;
}

/** A server that keeps running while the functions behind it change. */
export function createFront(hosts: Hosts, state: () => DevState): Server {
  return createLocalServer({
    hosts,
    origins: () => state().running?.manifest.http?.cors?.origins ?? [],
    async answer(request, response) {
      const { running, error } = state();
      if (request.url === '/_coldpress/state') {
        return sendJson(response, 200, {
          ready: running !== undefined,
          ...(error === undefined ? {} : { error }),
        });
      }
      if (running === undefined && request.url === '/_coldpress/') {
        response.writeHead(503, { 'content-type': 'text/html; charset=utf-8' }).end(waitingPage(error));
        return;
      }
      if (running === undefined) {
        return sendJson(response, 503, { error: error ?? 'the function is being packed' });
      }
      await running.answer(request, response);
    },
  });
}
