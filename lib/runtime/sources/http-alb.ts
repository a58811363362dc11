import type { ALBEvent, ALBResult } from 'aws-lambda';
import {
  lambdaPlatform,
  readEventBody,
  readHeaders,
  readRequest,
  writeEventBody,
  writeQuery,
} from './http-lambda.ts';
import type { Source } from './source.ts';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html */
const albLimits = { name: 'the load balancer', maxRequestBytes: 2 ** 20, maxResponseBytes: 2 ** 20 } as const;

/** A load balancer leaves parameters encoded. */
const asSent = (text: string) => text;

/** Application Load Balancers, with or without multi-value headers. */
export const httpAlb: Source<ALBEvent> = {
  name: 'http-alb',
  matches: event => typeof event.httpMethod === 'string' && typeof event.requestContext?.elb === 'object',
  async handle(event, fn, invocation): Promise<ALBResult> {
    const request = readRequest('http-alb', () => ({
      method: event.httpMethod,
      path: event.path,
      query: writeQuery(event.multiValueQueryStringParameters ?? event.queryStringParameters, asSent),
      headers: readHeaders(event.headers, event.multiValueHeaders),
      body: readEventBody(event),
    }));
    const { status, headers, body } = await fn.http(request, lambdaPlatform(invocation, albLimits));
    // The answer must have its headers in the same form as the request.
    const multiValueHeaders = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, [value]]),
    );
    return {
      statusCode: status,
      statusDescription: String(status),
      ...(event.multiValueHeaders === undefined ? { headers } : { multiValueHeaders }),
      ...writeEventBody(body),
    };
  },
};
