import type { IncomingMessage } from 'node:http';
import type { Hosts } from './hosts.ts';
import { isInvokeApi, isOwnPath } from './reserved-paths.ts';

export interface Refusal {
  status: number;
  error: string;
}

export interface Admission {
  hosts: Hosts;
  /** Origins whose pages the function's config lets read its answers; `*` is any. */
  origins: readonly string[];
}

/**
 * Why a request is not answered: it is for another server, or a page of another site makes a browser on this machine
 * send it. The function takes pages of loopback origins and of those that its config names; the paths that only exist
 * here, `/_coldpress/` and the Invoke API, take their own.
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

/** Without the port. */
function hostnameOf(host: string | undefined): string | undefined {
  return /^(\[[^\]]+\]|[^:]+)(?::\d+)?$/.exec(host ?? '')?.[1]?.toLowerCase();
}
