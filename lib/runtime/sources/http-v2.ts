import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { HttpRequest } from '../http/types.ts';
import { lambdaPlatform, readEventBody, readHeaders, readRequest, writeEventBody } from './http-lambda.ts';
import { routePath } from './route-path.ts';
import type { Source } from './source.ts';

/** Function URLs and HTTP APIs with payload format 2.0. */
export const httpV2: Source<APIGatewayProxyEventV2> = {
  name: 'http-v2',
  matches: event =>
    event.version === '2.0' &&
    typeof event.requestContext?.http?.method === 'string' &&
    // An authorizer's event contains the whole request that it judges.
    !('routeArn' in event),
  async handle(event, fn, invocation): Promise<APIGatewayProxyStructuredResultV2> {
    const { status, headers, body } = await fn.http(fromHttpV2(event), lambdaPlatform(invocation));
    return { statusCode: status, headers, ...writeEventBody(body) };
  },
};

export function fromHttpV2(event: APIGatewayProxyEventV2): HttpRequest {
  return readRequest('http-v2', () => ({
    method: event.requestContext.http.method,
    path: pathOf(event),
    query: event.rawQueryString,
    headers: readHeaders(event.headers),
    body: readEventBody(event),
  }));
}

/** API Gateway's own domain puts the stage before every path; a custom domain and a Function URL do not. */
function pathOf({ rawPath, routeKey, pathParameters, requestContext }: APIGatewayProxyEventV2): string {
  const routed = routePath(rawPath, routeKey?.split(' ')[1], pathParameters);
  if (routed !== undefined) {
    return routed;
  }
  const prefix = `/${requestContext.stage}`;
  const hasStage =
    requestContext.domainName?.includes('.execute-api.') && `${rawPath}/`.startsWith(`${prefix}/`);
  return hasStage ? rawPath.slice(prefix.length) || '/' : rawPath;
}
