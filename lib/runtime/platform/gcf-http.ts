import { channel } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { RequestError } from '../errors.ts';
import type { ColdpressFunction } from '../function.ts';
import { plainServer } from '../http/platform.ts';
import { refuse } from '../http/respond.ts';
import type { HttpPlatform, HttpResponse } from '../http/types.ts';
import type { Observe } from '../telemetry/observe.ts';
import type { Drain } from './gcf-drain.ts';
import { httpInvocation } from './gcf-invocation.ts';
import { type Hold, openHold } from './hold-bodies.ts';
import { readAll } from './read-all.ts';

/** A request as the functions framework hands it on; `rawBody` is there where it has read the body. */
type GcfRequest = IncomingMessage & { rawBody?: Buffer; originalUrl?: string };

export type HttpFunction = (request: GcfRequest, response: ServerResponse) => Promise<void>;

/** Answers the HTTP requests of the functions framework, by the same protocols as on every platform. */
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
      hold(bytes: number) {
        if (!hold.add(bytes)) {
          throw full;
        }
      },
    };
    await observe(invocation, 'http', {
      event: undefined,
      run: async () => {
        const answer = drain.draining()
          ? refuse(503, 'this instance is shutting down')
          : await respond(fn, request, { platform, hold });
        await write(answer, response, drain.draining());
        return { statusCode: answer.status };
      },
    }).finally(hold.release);
  };
}

/** Requests that come again meet an instance with room, or another. */
const full = new RequestError(
  503,
  'BUSY',
  'this instance holds as many bytes of requests as it has room for',
);

async function respond(
  fn: ColdpressFunction,
  request: GcfRequest,
  { platform, hold }: { platform: HttpPlatform; hold: Hold },
): Promise<HttpResponse> {
  const { rawBody, method = 'GET', originalUrl, url = '/' } = request;
  const headers = request.headers as Record<string, string | undefined>;
  const path = (received.get(request) ?? originalUrl ?? url).split('?', 1)[0]!;
  let bytes = rawBody;
  if (bytes === undefined) {
    const body = await takeBody(request, { limitBytes: platform.maxRequestBytes, hold });
    if (body.refusal !== undefined) {
      return body.refusal;
    }
    bytes = body.bytes;
  }
  if (isEvent(headers, bytes)) {
    return refuse(400, notForHttp);
  }
  // What the framework has read, it has inflated.
  const encoding = rawBody === undefined ? headers['content-encoding'] : undefined;
  return fn.http(
    { method, path, headers: { ...headers, 'content-encoding': encoding }, body: bytes },
    platform,
  );
}

/** Reads a body, and keeps no more of it than the platform carries and the instance has room for. */
async function takeBody(
  request: IncomingMessage,
  { limitBytes, hold }: { limitBytes: number; hold: Hold },
): Promise<{ bytes: Buffer; refusal?: undefined } | { refusal: HttpResponse }> {
  let keptBytes = 0;
  const { bytes, sizeBytes, fits } = await readAll(request, sizeBytes => {
    const fits = sizeBytes <= limitBytes && hold.add(sizeBytes - keptBytes);
    keptBytes = sizeBytes;
    return fits;
  });
  if (sizeBytes > limitBytes) {
    return { refusal: refuse(413, `the body has ${sizeBytes} bytes; at most ${limitBytes} are taken here`) };
  }
  return fits ? { bytes } : { refusal: refuse(full.status, full.message) };
}

const notForHttp =
  'this is an event, and the function is deployed for HTTP: deploy it with a trigger, whose entry point is "event"';

/** Eventarc's, or a push of Pub/Sub that wraps its message; without the wrapper, it is a request like any other. */
function isEvent(headers: Record<string, string | undefined>, body: Buffer): boolean {
  const isPush = /^(CloudPubSub|APIs)-Google/.test(headers['user-agent'] ?? '');
  return (
    headers['ce-type']?.startsWith('google.') === true ||
    (isPush && body.includes('"subscription"') && body.includes('"message"'))
  );
}

async function write(
  { status, headers, body, stream }: HttpResponse,
  response: ServerResponse,
  isLast: boolean,
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

/** No faster than the client reads, and no longer than it listens. A failure ends the connection: the status is sent. */
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

/** What was asked for, of requests that the framework is kept from. */
const received = new WeakMap<IncomingMessage, string>();

/**
 * Keeps the framework from answering by itself. It would parse a JSON body a second time, answer what is not JSON in
 * HTML, and take any size: it looks for the headers of a body and finds none; Node's own parser has read them by then.
 * It would answer a path that cannot be decoded in HTML, and some paths with nothing: it sees `/` alone. CloudEvents
 * are left to it.
 */
export function keepRequests({ env, argv }: Pick<NodeJS.Process, 'env' | 'argv'>): void {
  const signature = env.FUNCTION_SIGNATURE_TYPE ?? 'http';
  if (signature !== 'http' || argv.some(argument => argument.includes('event'))) {
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
