import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { ColdpressFunction } from '../function.ts';
import type { HttpRequest } from '../http/types.ts';
import type { Source } from './source.ts';

/** Function URLs and HTTP APIs: payload format 2.0. */
export const httpV2: Source<APIGatewayProxyEventV2> = {
  name: 'http-v2',
  matches: event => event.version === '2.0' && typeof event.requestContext?.http?.method === 'string',
  handle: async (event, fn) => toResult(await fn.http(toRequest(event))),
};

function toRequest(event: APIGatewayProxyEventV2): HttpRequest {
  return {
    method: event.requestContext.http.method,
    path: event.rawPath,
    headers: event.headers,
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
  };
}

function toResult({
  status,
  headers,
  body,
}: Awaited<ReturnType<ColdpressFunction['http']>>): APIGatewayProxyStructuredResultV2 {
  return typeof body === 'string'
    ? { statusCode: status, headers, body }
    : { statusCode: status, headers, body: Buffer.from(body).toString('base64'), isBase64Encoded: true };
}
