import { channel } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ColdpressFunction } from '../function.ts';
import { plainServer } from '../http/platform.ts';
import { refuse } from '../http/respond.ts';
import type { HttpPlatform, HttpResponse } from '../http/types.ts';
import type { Observe } from '../telemetry/observe.ts';
import type { Drain } from './gcf-drain.ts';
import { httpInvocation } from './gcf-invocation.ts';
import { type Hold, openHold } from './hold-bodies.ts';
import { isForEvents } from './signature-type.ts';
import { holdOrRefuse, takeBody } from './take-body.ts';
import { writeResponse } from './write-response.ts';

/** A request from the functions framework; `rawBody` is present if the framework has read the body. */
type GcfRequest = IncomingMessage & { rawBody?: Buffer; originalUrl?: string };

export type HttpFunction = (request: GcfRequest, response: ServerResponse) => Promise<void>;

/** Answers the functions framework's HTTP requests, with the same protocols as on every platform. */
export function httpFunction(
  fn: ColdpressFunction,
  { observe, drain, env }: { observe: Observe; drain: Drain; env: NodeJS.ProcessEnv },
): HttpFunction {
  return async (request, response) => {
    const invocation = httpInvocation(request.headers, { env, now: Date.now });
    const hold = openHold();
    const platform = {
      ...plainServer,
      name: 'Cloud Run',
      streams: true as const,
      remainingMs: invocation.remainingMs,
      tally: invocation.tally,
      hold: holdOrRefuse(hold),
    };
    await observe(invocation, 'http', {
      event: undefined,
      run: async () => {
        const answer = drain.draining()
          ? refuse(503, 'this instance is shutting down')
          : await respond(fn, request, { platform, hold });
        await writeResponse(answer, response, { isLast: drain.draining() });
        return { statusCode: answer.status };
      },
    }).finally(hold.release);
  };
}

async function respond(
  fn: ColdpressFunction,
  request: GcfRequest,
  { platform, hold }: { platform: HttpPlatform; hold: Hold },
): Promise<HttpResponse> {
  const { rawBody, method = 'GET', originalUrl, url = '/' } = request;
  const headers = request.headers as Record<string, string | undefined>;
  const [path = '/', query] = (received.get(request) ?? originalUrl ?? url).split('?', 2);
  let bytes = rawBody;
  if (bytes === undefined) {
    const { bodyBytes } = fn.model.manifest.http.limits;
    const body = await takeBody(request, { limits: { bodyBytes, platform }, hold });
    if (body.refusal !== undefined) {
      return body.refusal;
    }
    bytes = body.bytes;
  }
  if (isEvent(headers, bytes)) {
    return refuse(400, notForHttp);
  }
  // A body that the framework has read is already inflated.
  const encoding = rawBody === undefined ? headers['content-encoding'] : undefined;
  return fn.http(
    { method, path, query, headers: { ...headers, 'content-encoding': encoding }, body: bytes },
    platform,
  );
}

const notForHttp =
  'this is an event, and the function is deployed for HTTP: deploy it with a trigger, whose entry point is "event"';

/** Whether a request is from Eventarc or a wrapped Pub/Sub push; an unwrapped push is a normal request. */
function isEvent(headers: Record<string, string | undefined>, body: Buffer): boolean {
  const isPush = /^(CloudPubSub|APIs)-Google/.test(headers['user-agent'] ?? '');
  return (
    headers['ce-type']?.startsWith('google.') === true ||
    (isPush && body.includes('"subscription"') && body.includes('"message"'))
  );
}

/** The original URLs of requests that are hidden from the framework. */
const received = new WeakMap<IncomingMessage, string>();

/**
 * Keeps the framework from answering by itself. It would parse a JSON body a second time, answer invalid JSON in HTML,
 * and accept any size; so the body's headers are hidden from it, after Node's own parser has read them. It would also
 * answer an undecodable path in HTML, and some paths with nothing; so it only sees `/`. CloudEvents are left to it.
 */
export function keepRequests(process: Pick<NodeJS.Process, 'env' | 'argv'>): void {
  if (isForEvents(process)) {
    return;
  }
  channel('http.server.request.start').subscribe(message => {
    const { request } = message as { request: IncomingMessage };
    received.set(request, request.url ?? '/');
    request.url = '/';
    delete request.headers['content-length'];
    delete request.headers['transfer-encoding'];
  });
}
