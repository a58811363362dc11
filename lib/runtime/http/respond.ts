import type { HttpResponse } from './types.ts';

/** Seconds after which a request that was not served may be sent again. */
const retryAfter = '1';

export function json(status: number, value: unknown): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** An error in the protocol's form. */
export function refuse(status: number, error: string): HttpResponse {
  const response = json(status, { error });
  if (status === 429 || status === 503) {
    response.headers['retry-after'] = retryAfter;
  }
  return response;
}
