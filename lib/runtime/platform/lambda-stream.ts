import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { StreamifyHandler } from 'aws-lambda';
import { lambdaStreamedBytes } from '../../contract/platforms.ts';
import type { ColdpressFunction } from '../function.ts';
import { byteLength } from '../http/bytes.ts';
import type { HttpPlatform, HttpRequest, HttpResponse } from '../http/types.ts';
import { lambdaPlatform } from '../sources/http-lambda.ts';
import { fromHttpV1, httpV1 } from '../sources/http-v1.ts';
import { fromHttpV2, httpV2 } from '../sources/http-v2.ts';
import type { Observe } from '../telemetry/observe.ts';
import { type Invocation, type LambdaContext, lambdaInvocation } from './invocation.ts';

/**
 * Returns a handler that streams answers to callers that support it and buffers the answers for all others, which
 * Lambda allows for callers that invoke a streaming function without streaming. `awslambda` is a global of Lambda's
 * runtime.
 * https://docs.aws.amazon.com/lambda/latest/dg/config-rs-write-functions.html
 */
export function streamingHandler(
  fn: ColdpressFunction,
  {
    answerEvent,
    observe,
    env,
  }: {
    answerEvent: (
      event: unknown,
      context: LambdaContext,
      send: (answer: unknown) => Promise<void>,
    ) => Promise<unknown>;
    observe: Observe;
    env: NodeJS.ProcessEnv;
  },
): StreamifyHandler<unknown, void> {
  return awslambda.streamifyResponse(async (event: unknown, stream, context) => {
    const streamed = readStreamed(event);
    if (streamed === undefined) {
      await answerEvent(event, context, answer => {
        stream.setContentType('application/json');
        stream.write(JSON.stringify(answer ?? null));
        return end(stream);
      });
      return;
    }
    const invocation = lambdaInvocation(context, env);
    await observe(invocation, streamed.source, {
      event,
      run: async () => {
        const answer = await fn.http(streamed.request, platformOf(invocation));
        const { status, headers } = answer;
        await send(answer, awslambda.HttpResponseStream.from(stream, { statusCode: status, headers }));
        return { statusCode: status };
      },
    });
  });
}

/**
 * Reads the request of an event whose sender streams: a Function URL, recognised by its domain, or a REST API. An HTTP
 * API, a load balancer, VPC Lattice and direct callers never stream.
 */
function readStreamed(event: unknown): { source: string; request: HttpRequest } | undefined {
  // biome-ignore lint/suspicious/noExplicitAny: the sources look themselves
  const known = (event ?? {}) as any;
  if (httpV2.matches(known)) {
    const isUrl = known.requestContext.domainName?.includes('.lambda-url.') === true;
    return isUrl ? { source: httpV2.name, request: fromHttpV2(known) } : undefined;
  }
  const isRest =
    httpV1.matches(known) &&
    known.version !== '1.0' &&
    typeof known.requestContext?.apiId === 'string' &&
    known.requestContext.elb === undefined;
  return isRest ? { source: httpV1.name, request: fromHttpV1(known) } : undefined;
}

/** A streamed answer is sent as bytes, without JSON or base64. */
function platformOf(invocation: Invocation): HttpPlatform {
  return lambdaPlatform(invocation, {
    maxResponseBytes: lambdaStreamedBytes,
    weigh: ({ body }) => byteLength(body),
    streams: true,
  });
}

/** Sends no faster than Lambda accepts data. */
async function send({ body, stream }: HttpResponse, to: awslambda.HttpResponseStream): Promise<void> {
  // Writes even an empty part, because the head is sent with the first part.
  for await (const part of stream ?? [body]) {
    if (!to.write(part)) {
      await once(to, 'drain');
    }
  }
  return end(to);
}

/** Ends a stream, and waits until its data has left the process or its connection is closed. */
function end(stream: Writable): Promise<void> {
  return new Promise(resolve => {
    stream.once('close', resolve);
    stream.end(resolve);
  });
}
