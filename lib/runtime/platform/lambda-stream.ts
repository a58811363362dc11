import { once } from 'node:events';
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
 * A handler that streams its answers to whoever may have them so, and hands all others their answer whole: Lambda keeps
 * that for those who invoke a streaming function without streaming. `awslambda` is a global of its runtime.
 * https://docs.aws.amazon.com/lambda/latest/dg/config-rs-write-functions.html
 */
export function streamingHandler(
  fn: ColdpressFunction,
  {
    buffered,
    observe,
    env,
  }: {
    buffered: (event: unknown, context: LambdaContext) => Promise<unknown>;
    observe: Observe;
    env: NodeJS.ProcessEnv;
  },
): StreamifyHandler<unknown, void> {
  return awslambda.streamifyResponse(async (event: unknown, stream, context) => {
    const streamed = readStreamed(event);
    if (streamed === undefined) {
      const answer = await buffered(event, context);
      stream.setContentType('application/json');
      stream.write(JSON.stringify(answer ?? null));
      stream.end();
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
 * The request of an event whose sender streams: a Function URL, known by its domain, and a REST API. An HTTP API, a load
 * balancer and VPC Lattice never do, nor whoever invokes the function with an event of their own making.
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

/** What is streamed is bytes, neither JSON nor base64. */
function platformOf(invocation: Invocation): HttpPlatform {
  return lambdaPlatform(invocation, {
    maxResponseBytes: lambdaStreamedBytes,
    weigh: ({ body }) => byteLength(body),
    streams: true,
  });
}

/** No faster than Lambda takes it. */
async function send({ body, stream }: HttpResponse, to: awslambda.HttpResponseStream): Promise<void> {
  // Of no bytes, too: the head goes out with the first part.
  for await (const part of stream ?? [body]) {
    if (!to.write(part)) {
      await once(to, 'drain');
    }
  }
  to.end();
}
