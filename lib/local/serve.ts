import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readArtifact } from './artifact.ts';
import { toFunctionUrlEvent } from './function-url.ts';
import { fromFunctionAnswer } from './function-url-response.ts';
import type { Signature } from './gcf/environment.ts';
import { serveGcf } from './gcf/serve.ts';
import { gcfManifest } from './gcf/target-of.ts';
import { handleInvokeApi, isInvokeApi, requestLimits } from './invoke-api.ts';
import { type Lambda, startLambda } from './lambda.ts';
import type { LambdaOptions } from './lambda-options.ts';
import { listen, unlisten } from './listen.ts';
import { playgroundPage } from './playground/page.ts';
import { playgroundSamples } from './playground/samples.ts';
import { readBody } from './request-body.ts';
import type { InitEnd } from './run-instance.ts';

export interface ServeOptions extends LambdaOptions {
  /** 0 takes any that is free. @default 9000 */
  port?: number | undefined;
  /** How a gcf artifact is called. @default http */
  signature?: Signature | undefined;
}

const defaultPort = 9000;

export interface ServedArtifact extends Pick<Lambda, 'manifest' | 'runtimeClient' | 'node' | 'engine'> {
  /** `http://127.0.0.1:9000` */
  url: string;
  /** How INIT went; after a failed one the server is up, and answers as Lambda does then. */
  init: InitEnd;
  close(): Promise<void>;
  /** Settles after `close`, or after the signal aborted. */
  closed: Promise<void>;
}

/**
 * Keeps the function of the artifact in `dir` up: as a Function URL at `/`, as Lambda's Invoke API at its path, and
 * `GET /_coldpress/health`.
 */
export async function serveArtifact(dir: string, options: ServeOptions): Promise<ServedArtifact> {
  // The page that documents the endpoint is off by default in the cloud, and on here.
  const gcf = await gcfManifest(dir);
  if (gcf !== undefined) {
    return serveGcf(dir, gcf, { ...options, port: options.port ?? defaultPort });
  }
  const lambda = await startLambda(dir, { ...options, env: { COLDPRESS_LOCAL: '1', ...options.env } });
  const { functionDir } = await readArtifact(dir);
  const samples = await playgroundSamples(functionDir, lambda.manifest);
  const page = playgroundPage(lambda.manifest, { samples, watches: false });
  const server = createServer((request, response) => {
    handle(lambda, page, request, response).catch(() => {
      if (response.headersSent) {
        response.destroy();
      } else {
        response.writeHead(500).end();
      }
    });
  });
  const closed = Promise.withResolvers<void>();
  async function close() {
    await Promise.all([unlisten(server), lambda.close()]);
    closed.resolve();
  }
  try {
    const port = await listen(server, options.port ?? defaultPort);
    options.signal?.addEventListener('abort', close, { once: true });
    const init = await lambda.init();
    const { manifest, runtimeClient, node, engine } = lambda;
    return {
      url: `http://127.0.0.1:${port}`,
      init,
      ...{ manifest, runtimeClient, node, engine },
      close,
      closed: closed.promise,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function handle(lambda: Lambda, page: string, request: IncomingMessage, response: ServerResponse) {
  const url = request.url ?? '/';
  if (url.startsWith('/_coldpress/')) {
    return answerOwn(lambda, url, { response, page });
  }
  if (isInvokeApi(url)) {
    return handleInvokeApi(lambda, request, response);
  }
  return answerAsFunctionUrl(lambda, request, response);
}

/** Paths below `/_coldpress/` never reach the function. */
async function answerOwn(
  lambda: Lambda,
  url: string,
  { response, page }: { response: ServerResponse; page: string },
) {
  if (url === '/_coldpress/') {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
    return;
  }
  if (url !== '/_coldpress/health') {
    return sendJson(response, 404, { error: `there is no ${url}` });
  }
  const { kind, initMs } = await lambda.init();
  const { manifest, runtimeClient, node, engine } = lambda;
  sendJson(response, kind === 'ready' ? 200 : 503, {
    status: kind === 'ready' ? 'ok' : 'init failed',
    name: manifest.name,
    cold: { initMs },
    ...{ runtimeClient, node: node.version, engine: engine.kind },
  });
}

async function answerAsFunctionUrl(lambda: Lambda, request: IncomingMessage, response: ServerResponse) {
  const body = await readBody(request, requestLimits.RequestResponse);
  if (body.tooLarge) {
    const message = `Request must be smaller than ${requestLimits.RequestResponse} bytes for the InvokeFunction operation`;
    return sendJson(response, 413, { Message: message });
  }
  const event = toFunctionUrlEvent({
    method: request.method ?? 'GET',
    url: request.url ?? '/',
    headers: request.headers,
    body: body.bytes,
    sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
    now: new Date(),
  });
  const invocation = await lambda.invoke(Buffer.from(JSON.stringify(event)));
  const { statusCode, headers, body: answer } = fromFunctionAnswer(invocation);
  response.statusCode = statusCode;
  response.setHeaders(new Map(Object.entries({ ...headers, 'x-amzn-requestid': invocation.requestId })));
  // How the body is framed is this server's business, whatever the function says of it.
  for (const name of ['content-length', 'transfer-encoding', 'connection']) {
    response.removeHeader(name);
  }
  response.end(answer);
}

function sendJson(response: ServerResponse, status: number, value: object) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
