import { ColdpressError } from '../../errors.ts';
import type { Signature } from '../../local/gcf/environment.ts';

/** The HTTP request to a function on Google. */
export interface HttpRequest {
  signature: Signature;
  method: string;
  path: string;
  headers: Record<string, string>;
  /** Absent for GET. */
  body?: Uint8Array<ArrayBuffer>;
}

/**
 * Converts an event to an HTTP request. The event is that of a Function URL, which suits artifacts of both targets, or
 * a CloudEvent.
 * @throws ColdpressError `EVENT_INVALID`
 */
export function httpRequestOf(event: string): HttpRequest {
  const value = JSON.parse(event);
  if (typeof value?.specversion === 'string') {
    const headers = { 'content-type': 'application/cloudevents+json' };
    return { signature: 'cloudevent', method: 'POST', path: '/', headers, body: Buffer.from(event) };
  }
  const http = value?.requestContext?.http;
  if (typeof http?.method !== 'string') {
    throw new ColdpressError(
      'EVENT_INVALID',
      'the event is not an HTTP request, which a Google function needs',
      {
        hint: 'Pass a Function URL event (payload 2.0) or a CloudEvent with --event, or a request with --input.',
      },
    );
  }
  const { rawPath = '/', rawQueryString = '', headers = {}, body, isBase64Encoded = false } = value;
  const bytes = body === undefined ? undefined : Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  return {
    signature: 'http',
    method: http.method,
    path: rawQueryString === '' ? rawPath : `${rawPath}?${rawQueryString}`,
    headers,
    ...(bytes === undefined ? {} : { body: bytes }),
  };
}
