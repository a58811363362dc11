/**
 * Returns the path that a route of API Gateway matched, with its parameters filled in. It excludes the stage and the
 * base path of a custom domain, with which the request's own path may begin.
 * @param route - `/v2/{proxy+}`
 * @returns `undefined` if the route does not show what it matched: `$default` matches any path
 */
export function routePath(
  requestPath: string,
  route: string | undefined,
  parameters: Record<string, string | undefined> | null | undefined,
): string | undefined {
  if (!route?.startsWith('/')) {
    return undefined;
  }
  const filled = route.replace(/\{(\w+)\+?\}/g, (whole, name: string) => parameters?.[name] ?? whole);
  if (filled.includes('{')) {
    return undefined;
  }
  // Parameters are decoded, but the path is as sent.
  const isEnd = [requestPath, decode(requestPath)].some(path => trim(path).endsWith(trim(filled)));
  return isEnd ? filled : undefined;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function trim(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}
