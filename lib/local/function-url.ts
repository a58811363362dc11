import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { local } from './environment.ts';

/** Start of the URL's domain name. */
const urlId = 'local';

/** An HTTP request with its whole body. */
export interface UrlRequest {
  method: string;
  /** Path and query, as sent. */
  url: string;
  /** Names in lower case. */
  headers: IncomingHttpHeaders;
  body: Buffer;
  sourceIp: string;
  now: Date;
}

/**
 * The event that a Function URL makes of an HTTP request: payload format 2.0.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
export function toFunctionUrlEvent(request: UrlRequest): LambdaFunctionURLEvent {
  const { method, sourceIp, now } = request;
  const [rawPath = '/', rawQueryString = ''] = splitOnce(request.url, '?');
  const { cookie, ...rest } = request.headers;
  const query = queryParameters(rawQueryString);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/;\s*/) }),
    headers: { ...joinHeaders(rest), 'x-forwarded-for': sourceIp, 'x-forwarded-proto': 'http' },
    ...(query === undefined ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: 'anonymous',
      apiId: urlId,
      domainName: `${urlId}.lambda-url.${local.region}.on.aws`,
      domainPrefix: urlId,
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp, userAgent: rest['user-agent'] ?? '' },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: accessLogTime(now),
      timeEpoch: now.getTime(),
    },
    ...encodeBody(request.body, rest['content-type']),
  } as LambdaFunctionURLEvent;
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** Joins the values of a repeated header with commas. */
function joinHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : (value ?? ''),
    ]),
  );
}

function queryParameters(query: string): Record<string, string> | undefined {
  if (query === '') {
    return undefined;
  }
  const parameters = new URLSearchParams(query);
  return Object.fromEntries(
    [...new Set(parameters.keys())].map(name => [name, parameters.getAll(name).join(',')]),
  );
}

const textTypes = /^(text\/.*|application\/(json|javascript|xml|.*\+json|.*\+xml))$/;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A body is text if its type says so or is absent, and it is valid UTF-8. Any other body is base64. */
function encodeBody(body: Buffer, contentType = 'text/plain') {
  if (body.length === 0) {
    return { isBase64Encoded: false };
  }
  const [type = ''] = contentType.split(';');
  if (textTypes.test(type.trim().toLowerCase())) {
    try {
      return { body: strictUtf8.decode(body), isBase64Encoded: false };
    } catch {
      // Not UTF-8, despite its type.
    }
  }
  return { body: body.toString('base64'), isBase64Encoded: true };
}

/** `20/Nov/2026:23:40:00 +0000` */
function accessLogTime(now: Date): string {
  const [, day, month, year, time] = now.toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
