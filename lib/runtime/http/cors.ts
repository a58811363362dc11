import type { CorsSettings } from '../../contract/settings.ts';
import type { HttpRequest } from './types.ts';

/** What a page of another origin may read of an answer, beside its body. */
const exposed = 'inference-header-content-length, retry-after, server-timing';

/**
 * The headers that let a browser's page read this answer, where its origin is configured. Credentials are never
 * allowed: a page sends its key in a header that the config names.
 * https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function corsHeaders(cors: CorsSettings | null, request: HttpRequest): Record<string, string> {
  const { origin } = request.headers;
  if (cors === null || origin === undefined) {
    return {};
  }
  if (cors.origins.includes('*')) {
    return { 'access-control-allow-origin': '*', 'access-control-expose-headers': exposed };
  }
  // A shared cache must not give one origin's answer to another, nor a refusal.
  return cors.origins.includes(origin)
    ? { 'access-control-allow-origin': origin, 'access-control-expose-headers': exposed, vary: 'origin' }
    : { vary: 'origin' };
}

/** The headers of an answer to `OPTIONS`, which a browser asks before it sends what a form could not. */
export function preflightHeaders(
  cors: CorsSettings | null,
  request: HttpRequest,
  allowed: string,
): Record<string, string> {
  const headers = corsHeaders(cors, request);
  if (cors === null || headers['access-control-allow-origin'] === undefined) {
    return headers;
  }
  return {
    ...headers,
    'access-control-allow-methods': (cors.methods ?? [allowed]).join(', '),
    'access-control-allow-headers': cors.headers.join(', '),
    ...(cors.maxAge === null ? {} : { 'access-control-max-age': String(cors.maxAge) }),
  };
}
