/** Paths that only the local server has, whatever the function. */

/** What the server says of itself. */
export function isOwnPath(url: string): boolean {
  return url.startsWith('/_coldpress/');
}

const invocations = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** Whether a request's URL is one of Lambda's Invoke API. */
export function isInvokeApi(url: string): boolean {
  return invokedFunction(url) !== undefined;
}

/** The function that a URL of the Invoke API names, still percent-encoded. */
export function invokedFunction(url: string): string | undefined {
  return invocations.exec(url.split('?')[0]!)?.[1];
}
