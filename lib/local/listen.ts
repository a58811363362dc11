import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ColdpressError } from '../errors.ts';
import { loopback } from './hosts.ts';

const greatestPort = 65_535;

/**
 * Starts a server, reachable only from this machine by default; port 0 selects a free port.
 * @returns the port
 * @throws ColdpressError `PORT_UNAVAILABLE`, `OPTION_OUT_OF_RANGE`
 */
export async function listen(server: Server, port: number, address = loopback): Promise<number> {
  if (port > greatestPort) {
    throw new ColdpressError('OPTION_OUT_OF_RANGE', `--port is ${port}`, { hint: `0 to ${greatestPort}` });
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        new ColdpressError(
          'PORT_UNAVAILABLE',
          `cannot listen on ${address}, port ${port}: ${cause.message}`,
          {
            hint: isForeign(cause)
              ? 'Choose an address of this machine with --host, or 0.0.0.0 for all of them.'
              : 'Choose another with --port, or 0 for any that is free.',
            cause,
          },
        ),
      );
    });
    server.listen(port, address, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Whether the address is not one of this machine. */
function isForeign({ code = '' }: NodeJS.ErrnoException): boolean {
  return ['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL'].includes(code);
}

/** Stops a server and closes all its connections. */
export async function unlisten(server: Server): Promise<void> {
  await new Promise(resolve => {
    server.close(resolve);
    server.closeAllConnections();
  });
}
