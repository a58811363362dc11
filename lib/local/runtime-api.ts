import type { IncomingMessage, ServerResponse } from 'node:http';
import { lambdaPayloadBytes, lambdaStreamedBytes } from '../contract/platforms.ts';
import { type FunctionError, platformError } from './function-error.ts';
import { resolveHosts } from './hosts.ts';
import { listen, unlisten } from './listen.ts';
import { createLocalServer } from './local-server.ts';
import { readBody } from './request-body.ts';
import { sendJson } from './send-json.ts';

/** Limits of a response, in bytes. */
const limits = { buffered: lambdaPayloadBytes.response, streamed: lambdaStreamedBytes } as const;

/** One invocation, as the runtime fetches it. */
export interface InvocationRequest {
  requestId: string;
  deadlineMs: number;
  functionArn: string;
  traceId: string;
  /** JSON. */
  clientContext?: string | undefined;
  payload: Uint8Array;
}

/** Times that our client reports, in milliseconds since its process started. */
export interface RuntimeUptime {
  /** When the runtime client was loaded, before the handler. */
  clientLoadedMs: number;
  /** When it requested the first invocation. */
  readyMs: number;
}

/** `atMs` are values of `performance.now()`. */
export type RuntimeStart =
  | { kind: 'ready'; atMs: number; uptime?: RuntimeUptime }
  | { kind: 'init-error'; error: FunctionError };

export type RuntimeAnswer = { atMs: number } & (
  | { kind: 'response'; payload: Buffer; contentType: string }
  | { kind: 'error'; error: FunctionError }
);

export interface RuntimeApi {
  /** host:port, for AWS_LAMBDA_RUNTIME_API. */
  address: string;
  /** The runtime's first message: that it is ready for an invocation, or why it cannot start. */
  started: Promise<RuntimeStart>;
  /**
   * Sends one invocation; the caller waits for its end before the next. `answered` may settle before `idle`, which
   * settles when the runtime requests the next one.
   */
  deliver(invocation: InvocationRequest): { answered: Promise<RuntimeAnswer>; idle: Promise<void> };
  close(): Promise<void>;
}

interface Delivery {
  invocation: InvocationRequest;
  sent: boolean;
  answered: PromiseWithResolvers<RuntimeAnswer>;
  answer?: RuntimeAnswer;
  idle: PromiseWithResolvers<void>;
}

/**
 * Serves Lambda's Runtime API to one runtime process.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export async function startRuntimeApi(): Promise<RuntimeApi> {
  const started = Promise.withResolvers<RuntimeStart>();
  let waiting: ServerResponse | undefined;
  let delivery: Delivery | undefined;

  /** Advances the state: sends an invocation to a waiting runtime, or ends one that is answered. */
  function advance() {
    if (waiting === undefined || delivery === undefined) {
      return;
    }
    if (delivery.answer !== undefined) {
      delivery.idle.resolve();
      delivery = undefined;
    } else if (!delivery.sent) {
      delivery.sent = true;
      sendInvocation(waiting, delivery.invocation);
      waiting = undefined;
    }
  }

  function settle(answer: RuntimeAnswer) {
    if (delivery === undefined) {
      return;
    }
    delivery.answer = answer;
    delivery.answered.resolve(answer);
    advance();
  }

  async function takeAnswer(request: IncomingMessage, response: ServerResponse, [id, kind]: string[]) {
    if (id !== delivery?.invocation.requestId || delivery?.answer !== undefined) {
      request.resume();
      return sendJson(response, 400, { errorMessage: 'Invalid request ID', errorType: 'InvalidRequestID' });
    }
    const streamed = request.headers['lambda-runtime-function-response-mode'] === 'streaming';
    const limit = limits[streamed ? 'streamed' : 'buffered'];
    const body = await readBody(request, limit);
    const atMs = performance.now();
    if (body.tooLarge) {
      sendJson(response, 413, {
        errorMessage: `Exceeded maximum allowed payload size (${limit} bytes).`,
        errorType: 'RequestEntityTooLarge',
      });
      return settle({ kind: 'error', error: responseTooLarge(body.sizeBytes, limit), atMs });
    }
    sendJson(response, 202, { status: 'OK' });
    const error = kind === 'error' ? runtimeError(request, body.bytes) : trailingError(request);
    if (error !== undefined) {
      return settle({ kind: 'error', error, atMs });
    }
    settle({
      kind: 'response',
      payload: body.bytes,
      contentType: request.headers['content-type'] ?? '',
      atMs,
    });
  }

  async function handle(request: IncomingMessage, response: ServerResponse) {
    const path = request.url?.replace(/^\/2018-06-01\/runtime\//, '') ?? '';
    if (request.method === 'GET' && path === 'invocation/next') {
      started.resolve({ kind: 'ready', atMs: performance.now(), ...uptimeOf(request) });
      waiting = response;
      return advance();
    }
    if (request.method === 'GET' && path === 'restore/next') {
      // There is no snapshot here: the restored instance is the one that sent the request.
      return sendJson(response, 200, {});
    }
    const answered = /^invocation\/([^/]+)\/(response|error)$/.exec(path);
    if (request.method === 'POST' && answered !== null) {
      return takeAnswer(request, response, answered.slice(1).map(decodeURIComponent));
    }
    if (request.method === 'POST' && path === 'init/error') {
      const { bytes } = await readBody(request, limits.buffered);
      started.resolve({ kind: 'init-error', error: runtimeError(request, bytes) });
      return sendJson(response, 202, { status: 'OK' });
    }
    request.resume();
    response.writeHead(404).end('404 page not found');
  }

  // A body breaks off if its process ends; that end is then reported.
  const server = createLocalServer({ hosts: resolveHosts(), origins: () => [], answer: handle });
  // A runtime waits on /next until the next invocation.
  server.requestTimeout = 0;
  server.timeout = 0;
  server.keepAliveTimeout = 0;
  const port = await listen(server, 0);

  return {
    address: `127.0.0.1:${port}`,
    started: started.promise,
    deliver(invocation) {
      const answered = Promise.withResolvers<RuntimeAnswer>();
      const idle = Promise.withResolvers<void>();
      delivery = { invocation, sent: false, answered, idle };
      advance();
      return { answered: answered.promise, idle: idle.promise };
    },
    close: () => unlisten(server),
  };
}

function uptimeOf({ headers }: IncomingMessage): { uptime?: RuntimeUptime } {
  const [clientLoadedMs, readyMs] = String(headers['coldpress-uptime'] ?? '')
    .split(' ')
    .map(Number);
  return clientLoadedMs === undefined || readyMs === undefined ? {} : { uptime: { clientLoadedMs, readyMs } };
}

function sendInvocation(response: ServerResponse, invocation: InvocationRequest) {
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'Content-Length': invocation.payload.length,
    'Lambda-Runtime-Aws-Request-Id': invocation.requestId,
    'Lambda-Runtime-Deadline-Ms': String(invocation.deadlineMs),
    'Lambda-Runtime-Invoked-Function-Arn': invocation.functionArn,
    'Lambda-Runtime-Trace-Id': invocation.traceId,
    ...(invocation.clientContext === undefined
      ? {}
      : { 'Lambda-Runtime-Client-Context': invocation.clientContext }),
  });
  response.end(invocation.payload);
}

function runtimeError({ headers }: IncomingMessage, payload: Buffer): FunctionError {
  const errorType = headers['lambda-runtime-function-error-type'] ?? errorTypeIn(payload);
  return { errorType: String(errorType), payload };
}

/** A streaming handler that fails after its first byte reports that in the trailers of its response. */
function trailingError({ trailers }: IncomingMessage): FunctionError | undefined {
  const errorType = trailers['lambda-runtime-function-error-type'];
  const body = trailers['lambda-runtime-function-error-body'];
  return errorType === undefined ? undefined : { errorType, payload: Buffer.from(body ?? '', 'base64') };
}

function errorTypeIn(payload: Buffer): string {
  try {
    return JSON.parse(payload.toString()).errorType;
  } catch {
    return 'Runtime.Unknown';
  }
}

function responseTooLarge(sizeBytes: number, limit: number): FunctionError {
  return platformError(
    'Function.ResponseSizeTooLarge',
    `Response payload size (${sizeBytes} bytes) exceeded maximum allowed payload size (${limit} bytes).`,
  );
}
