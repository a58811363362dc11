import { isIP } from 'node:net';
import { ColdpressError } from '../errors.ts';

/** The address on which a local server listens, and the host names that it accepts. */
export interface Hosts {
  address: string;
  /** Whether a URL's host refers to this server. */
  includes(hostname: string): boolean;
}

export const loopback = '127.0.0.1';
const loopbackNames = [loopback, '[::1]', 'localhost'];

/**
 * Resolves the host names that a server accepts: those of loopback and the given ones. A server that accepts any name
 * can be read by any web page, if the page's owner makes its name resolve to 127.0.0.1 (DNS rebinding).
 * @param given - host names, and at most one IP address, which is listened on instead of 127.0.0.1
 * @throws ColdpressError OPTION_INVALID
 */
export function resolveHosts(given: readonly string[] = []): Hosts {
  const addresses = given.map(withoutBrackets).filter(host => isIP(host) !== 0);
  const invalid = given.find(host => !isHost(host));
  if (invalid !== undefined) {
    throw new ColdpressError('OPTION_INVALID', `--host is ${invalid}`, {
      hint: 'an IP address or a host name, without scheme and port',
    });
  }
  if (addresses.length > 1) {
    throw new ColdpressError('OPTION_INVALID', `--host names two addresses: ${addresses.join(', ')}`, {
      hint: 'a server listens on one; 0.0.0.0 is all of this machine',
    });
  }
  const address = addresses[0] ?? loopback;
  const names = new Set([...loopbackNames, ...given.map(urlHost)]);
  // Requests by IP address are safe: a DNS rebinding page sends its own name as the host.
  const takesAddresses = address !== loopback && address !== '::1';
  return {
    address,
    includes: hostname => names.has(hostname) || (takesAddresses && isIP(withoutBrackets(hostname)) !== 0),
  };
}

/** The host of a URL that reaches a server listening on `address`. */
export function reachableHost(address: string): string {
  const isAny = address === '0.0.0.0' || address === '::';
  return isAny ? loopback : urlHost(address);
}

/** A host in the form of URLs: in lower case, IPv6 in brackets. */
function urlHost(host: string): string {
  return isIP(host) === 6 ? `[${host.toLowerCase()}]` : host.toLowerCase();
}

function isHost(host: string): boolean {
  return isIP(withoutBrackets(host)) !== 0 || /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/i.test(host);
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}
