import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Backend, BackendEvents } from './backend.ts';
import { toFunctionUrlEvent } from './function-url.ts';
import { fromFunctionAnswer, type UrlResponse } from './function-url-response.ts';
import type { Invocation } from './invocation.ts';
import { handleInvokeApi, requestLimit, requestTooLarge } from './invoke-api.ts';
import { type Lambda, startLambda } from './lambda.ts';
import type { LambdaOptions } from './lambda-options.ts';
import { readBody } from './request-body.ts';
import { isInvokeApi } from './reserved-paths.ts';
import { sendJson } from './send-json.ts';

/** An artifact for Lambda: a Function URL at every path except that of Lambda's Invoke API. */
export async function startLambdaBackend(
  dir: string,
  { onTiming, explain, ...options }: LambdaOptions & BackendEvents,
): Promise<Backend> {
  const lambda = await startLambda(dir, options);
  const note = ({ headers }: UrlResponse) => {
    const timing = headers['server-timing'];
    if (timing !== undefined) {
      onTiming(String(timing));
    }
  };
  /** An event may be an HTTP request, so answers through the Invoke API may have a Server-Timing header, too. */
  const timed: Lambda = {
    ...lambda,
    async invoke(...call) {
      const invocation = await lambda.invoke(...call);
      note(fromFunctionAnswer(invocation));
      return invocation;
    },
  };
  return {
    ...lambda,
    async answer(request, response) {
      if (isInvokeApi(request.url ?? '/')) {
        await handleInvokeApi(timed, request, response);
        return response.getHeader('x-amzn-requestid')?.toString();
      }
      const begun = performance.now();
      const invocation = await invokeByUrl(lambda, request, response);
      if (invocation === undefined) {
        return undefined;
      }
      const answer = fromFunctionAnswer(invocation);
      note(answer);
      const body = answer.statusCode >= 500 ? await explain?.(begun) : undefined;
      send(body === undefined ? answer : withJson(answer, body), invocation, response);
      return invocation.requestId;
    },
    // After its process ended, the next invocation starts another.
    ended: new Promise(() => {}),
  };
}

/**
 * The limit applies to the event, in which a binary body is base64, a third larger.
 * @returns the function's invocation; `undefined` if the request is too large and is answered here
 */
async function invokeByUrl(
  lambda: Lambda,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Invocation | undefined> {
  const body = await readBody(request, requestLimit);
  const payload = body.tooLarge ? undefined : Buffer.from(JSON.stringify(eventOf(request, body.bytes)));
  if (payload === undefined || payload.length > requestLimit) {
    sendJson(response, 413, { Message: requestTooLarge });
    return undefined;
  }
  return lambda.invoke(payload);
}

function eventOf(request: IncomingMessage, body: Buffer) {
  return toFunctionUrlEvent({
    method: request.method ?? 'GET',
    url: request.url ?? '/',
    headers: request.headers,
    body,
    sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
    now: new Date(),
  });
}

function withJson(answer: UrlResponse, body: Buffer): UrlResponse {
  return { ...answer, headers: { ...answer.headers, 'content-type': 'application/json' }, body };
}

/** This server determines the framing of the body and the connection, whatever the function returns. */
const framing = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive']);

function send(
  { statusCode, headers, body }: UrlResponse,
  { requestId }: Invocation,
  response: ServerResponse,
) {
  response.statusCode = statusCode;
  for (const [name, value] of Object.entries({ ...headers, 'x-amzn-requestid': requestId })) {
    if (!framing.has(name)) {
      response.setHeader(name, value);
    }
  }
  response.end(body);
}
