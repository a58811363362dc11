import type { HttpResponse } from './types.ts';

/** Seconds before a client may retry a request that was not served. */
const retryAfter = '1';

export function json(status: number, value: unknown): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** Returns an error in the protocol's format. */
export function refuse(status: number, error: string): HttpResponse {
  const response = json(status, { error });
  if (status === 429 || status === 503) {
    response.headers['retry-after'] = retryAfter;
  }
  return response;
}
