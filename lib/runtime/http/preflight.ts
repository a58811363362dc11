import type { CorsSettings } from '../../contract/settings.ts';

/**
 * Returns further headers for `OPTIONS`, which a browser sends before any request that a form could not make.
 * @param headers - those of every answer to this origin
 * @param allowed - the methods of the path
 */
export function preflightHeaders(
  cors: CorsSettings | null,
  headers: Record<string, string>,
  allowed: string,
): Record<string, string> {
  if (cors === null || headers['access-control-allow-origin'] === undefined) {
    return {};
  }
  return {
    'access-control-allow-methods': (cors.methods ?? [allowed]).join(', '),
    'access-control-allow-headers': cors.headers.join(', '),
    ...(cors.maxAge === null ? {} : { 'access-control-max-age': String(cors.maxAge) }),
  };
}
