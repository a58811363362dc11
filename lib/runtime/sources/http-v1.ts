import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { HttpRequest } from '../http/types.ts';
import {
  lambdaPlatform,
  readEventBody,
  readHeaders,
  readRequest,
  writeEventBody,
  writeQuery,
} from './http-lambda.ts';
import { routePath } from './route-path.ts';
import type { Source } from './source.ts';

/** An event as APIs send it, with defaults for what tests leave out. */
type RestEvent = Omit<APIGatewayProxyEvent, 'requestContext'> & {
  version?: '1.0';
  requestContext?: Partial<APIGatewayProxyEvent['requestContext']>;
};

/** REST APIs, and HTTP APIs with payload format 1.0. */
export const httpV1: Source<RestEvent> = {
  name: 'http-v1',
  matches: event =>
    typeof event.httpMethod === 'string' &&
    typeof event.path === 'string' &&
    (typeof event.requestContext === 'object' || typeof event.headers === 'object') &&
    // An authorizer's event contains the whole request that it judges.
    !('methodArn' in event),
  async handle(event, fn, invocation): Promise<APIGatewayProxyResult> {
    // A REST API passes bytes on only if its binary media types are configured; it can compress by itself instead.
    const platform = lambdaPlatform(invocation, { compresses: event.version === '1.0' });
    const { status, headers, body } = await fn.http(fromHttpV1(event), platform);
    return { statusCode: status, headers, ...writeEventBody(body) };
  },
};

export function fromHttpV1(event: RestEvent): HttpRequest {
  return readRequest('http-v1', () => ({
    method: event.httpMethod,
    path: pathOf(event),
    query: writeQuery(event.multiValueQueryStringParameters ?? event.queryStringParameters),
    headers: readHeaders(event.headers, event.multiValueHeaders),
    body: readEventBody(event),
  }));
}

/** Returns the path without the stage, which only HTTP APIs include, and only on API Gateway's own domain. */
function pathOf(event: RestEvent): string {
  const { path, version, resource, pathParameters, requestContext } = event;
  const routed = routePath(path, resource, pathParameters);
  if (routed !== undefined) {
    return routed;
  }
  const prefix = `/${requestContext?.stage}`;
  const onOwnDomain = requestContext?.domainName?.includes('.execute-api.');
  const hasStage = version === '1.0' && onOwnDomain && `${path}/`.startsWith(`${prefix}/`);
  return hasStage ? path.slice(prefix.length) || '/' : path;
}
