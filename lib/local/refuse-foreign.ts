import type { IncomingMessage } from 'node:http';
import type { Hosts } from './hosts.ts';
import { isInvokeApi, isOwnPath } from './reserved-paths.ts';

export interface Refusal {
  status: number;
  error: string;
}

export interface Admission {
  hosts: Hosts;
  /** Origins that the function's config allows to read its answers; `*` means any. */
  origins: readonly string[];
}

/**
 * Returns why a request is refused: it is for another server, or a web page of another site sends it through a browser
 * on this machine. The function accepts pages of loopback origins and those that its config names. The paths that only
 * exist locally, `/_coldpress/` and the Invoke API, accept only pages of the same origin.
 */
export function refuseForeign(
  { url = '', headers }: Pick<IncomingMessage, 'url' | 'headers'>,
  { hosts, origins }: Admission,
): Refusal | undefined {
  if (!url.startsWith('/')) {
    return { status: 400, error: 'the request target is not a path: this server is not a proxy' };
  }
  const hostname = hostnameOf(headers.host);
  if (hostname === undefined || !hosts.includes(hostname)) {
    const error = 'the Host header is neither localhost, 127.0.0.1, [::1] nor a name that --host gave';
    return { status: 403, error };
  }
  const { origin, 'sec-fetch-site': site } = headers;
  const isAllowed =
    isOwnPath(url) || isInvokeApi(url)
      ? isSameOrigin(origin, site, headers.host)
      : isKnownOrigin(origin, site, { hosts, origins });
  return isAllowed ? undefined : { status: 403, error: 'a page of another site may not send this request' };
}

function isSameOrigin(origin: string | undefined, site: unknown, host: string | undefined): boolean {
  if (site !== undefined) {
    return site === 'same-origin' || site === 'none';
  }
  return origin === undefined || parse(origin)?.host === host?.toLowerCase();
}

function isKnownOrigin(origin: string | undefined, site: unknown, { hosts, origins }: Admission): boolean {
  if (origin === undefined) {
    return site !== 'cross-site';
  }
  const hostname = parse(origin)?.hostname;
  return (
    origins.includes('*') || origins.includes(origin) || (hostname !== undefined && hosts.includes(hostname))
  );
}

function parse(origin: string): URL | undefined {
  return URL.canParse(origin) ? new URL(origin) : undefined;
}

/** The host name without the port. */
function hostnameOf(host: string | undefined): string | undefined {
  return /^(\[[^\]]+\]|[^:]+)(?::\d+)?$/.exec(host ?? '')?.[1]?.toLowerCase();
}
