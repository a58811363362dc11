import { lambdaPayloadBytes } from '../../contract/platforms.ts';
import { byteLength } from '../http/bytes.ts';
import type { HttpPlatform, HttpRequest, HttpResponse } from '../http/types.ts';
import type { Invocation } from '../platform/invocation.ts';
import { readEvent } from './read-event.ts';

/** Bytes for the status, headers and punctuation around a body. */
const envelopeBytes = 2048;

/** A text up to this length fits every limit, however it is escaped: a control character becomes six. */
const surelySmall = 2 ** 17;

/** Lambda as an HTTP platform, whichever service is in front of it. */
export function lambdaPlatform(invocation: Invocation, changes: Partial<HttpPlatform> = {}): HttpPlatform {
  return {
    name: 'AWS Lambda',
    maxRequestBytes: lambdaPayloadBytes.request,
    maxResponseBytes: lambdaPayloadBytes.response,
    weigh,
    compresses: true,
    remainingMs: invocation.remainingMs,
    tally: invocation.tally,
    ...changes,
  };
}

/** Returns the bytes of an answer in Lambda's payload: a JSON string, with its quotes escaped, or base64. */
function weigh({ body }: HttpResponse): number {
  if (typeof body !== 'string') {
    return envelopeBytes + Math.ceil(body.byteLength / 3) * 4;
  }
  return envelopeBytes + (body.length <= surelySmall ? 6 * body.length : byteLength(JSON.stringify(body)));
}

/** Reads the request of an event. @throws RequestError 400 EVENT if it is invalid */
export function readRequest(source: string, read: () => HttpRequest): HttpRequest {
  return readEvent(source, () => {
    const request = read();
    if (typeof request.path !== 'string') {
      throw new TypeError('the path is not a string');
    }
    return request;
  });
}

/** Reads a body from the two fields that every kind of event uses. */
export function readEventBody(event: {
  body?: string | null | undefined;
  isBase64Encoded: boolean;
}): string | Buffer {
  const body: unknown = event.body ?? '';
  if (typeof body !== 'string') {
    throw new TypeError('the body is not a string');
  }
  return event.isBase64Encoded ? Buffer.from(body, 'base64') : body;
}

export function writeEventBody(body: string | Uint8Array): { body: string; isBase64Encoded: boolean } {
  return typeof body === 'string'
    ? { body, isBase64Encoded: false }
    : {
        body: Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('base64'),
        isBase64Encoded: true,
      };
}

/**
 * Writes a query string from the parameters of an event.
 * @param encode - encodes a parameter (default: `encodeURIComponent`, for services that decode them)
 */
export function writeQuery(
  parameters: Record<string, string | string[] | undefined> | null | undefined,
  encode: (text: string) => string = encodeURIComponent,
): string {
  return Object.entries(parameters ?? {})
    .flatMap(([name, values]) => [values ?? []].flat().map(value => `${encode(name)}=${encode(value)}`))
    .join('&');
}

/** Returns headers with lower-case names; repeated ones are joined as in HTTP. */
export function readHeaders(
  headers: Record<string, string | undefined> | null | undefined,
  multiValue?: Record<string, string[] | undefined> | null,
): Record<string, string | undefined> {
  const read: Record<string, string | undefined> = {};
  for (const name of Object.keys(headers ?? {})) {
    const value = headers![name];
    // A handwritten event may contain a number.
    read[name.toLowerCase()] = value === undefined || value === null ? undefined : String(value);
  }
  for (const name of Object.keys(multiValue ?? {})) {
    read[name.toLowerCase()] = multiValue![name]?.join(', ');
  }
  return read;
}
