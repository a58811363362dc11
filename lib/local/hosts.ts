import { isIP } from 'node:net';
import { ColdpressError } from '../errors.ts';

/** Where a local server listens, and the host names that it answers to. */
export interface Hosts {
  address: string;
  /** Whether a host, as a URL has it, names this server. */
  includes(hostname: string): boolean;
}

export const loopback = '127.0.0.1';
const loopbackNames = [loopback, '[::1]', 'localhost'];

/**
 * A server that answers to any name can be read by any web page, whose owner lets the page's own name resolve to
 * 127.0.0.1 (DNS rebinding). So it answers to loopback names and to those that are given.
 * @param given - host names, and at most one IP address, which is listened on in place of 127.0.0.1
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
  // A page cannot have its name resolve to an address and be called by that address.
  const takesAddresses = address !== loopback && address !== '::1';
  return {
    address,
    includes: hostname => names.has(hostname) || (takesAddresses && isIP(withoutBrackets(hostname)) !== 0),
  };
}

/** The host of a URL that reaches a server which listens on `address`. */
export function reachableHost(address: string): string {
  const isAny = address === '0.0.0.0' || address === '::';
  return isAny ? loopback : urlHost(address);
}

/** A host as URLs have it: in lower case, IPv6 in brackets. */
function urlHost(host: string): string {
  return isIP(host) === 6 ? `[${host.toLowerCase()}]` : host.toLowerCase();
}

function isHost(host: string): boolean {
  return isIP(withoutBrackets(host)) !== 0 || /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/i.test(host);
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}
