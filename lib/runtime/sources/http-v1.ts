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

/** As APIs send it; what tests leave out of it has a default. */
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
    // The request of an authorizer has all of the request that it is to judge.
    !('methodArn' in event),
  async handle(event, fn, invocation): Promise<APIGatewayProxyResult> {
    // A REST API hands bytes on only where its binary media types are configured: it compresses by itself instead.
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

/** The stage is in the path only of HTTP APIs, and only on API Gateway's own domain. */
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
