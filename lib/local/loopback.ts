import { type AddressInfo, connect, createServer } from 'node:net';
import { loopback } from './hosts.ts';

/** Whether processes of this machine can connect to each other. A sandbox without a network may lack even that. */
export function hasLoopback(): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer(socket => socket.destroy());
    server.once('error', () => resolve(false));
    server.listen(0, loopback, () => {
      const { port } = server.address() as AddressInfo;
      const socket = connect(port, loopback);
      const end = (isConnected: boolean) => {
        socket.destroy();
        server.close();
        resolve(isConnected);
      };
      socket.once('connect', () => end(true)).once('error', () => end(false));
    });
  });
}
