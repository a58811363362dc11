/** Paths that only the local server has, for every function. */

/** Whether the path is one of the server's own. */
export function isOwnPath(url: string): boolean {
  return url.startsWith('/_coldpress/');
}

const invocations = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** Whether a request's URL is that of Lambda's Invoke API. */
export function isInvokeApi(url: string): boolean {
  return invokedFunction(url) !== undefined;
}

/** The function name in a URL of the Invoke API, still percent-encoded. */
export function invokedFunction(url: string): string | undefined {
  return invocations.exec(url.split('?')[0]!)?.[1];
}
