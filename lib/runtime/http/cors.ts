import type { CorsSettings } from '../../contract/settings.ts';
import type { HttpRequest } from './types.ts';

/** The headers that a page of another origin may read in addition to the body. */
const exposed = 'inference-header-content-length, retry-after, server-timing';

/**
 * Returns the headers that let a browser's page read this answer, if its origin is configured. Credentials are never
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
  // A shared cache must not serve one origin's answer, or refusal, to another.
  return cors.origins.includes(origin)
    ? { 'access-control-allow-origin': origin, 'access-control-expose-headers': exposed, vary: 'origin' }
    : { vary: 'origin' };
}
