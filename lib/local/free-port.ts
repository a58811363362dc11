import { createServer } from 'node:http';
import { listen, unlisten } from './listen.ts';

/**
 * A port that a process started later can listen on: `wanted`, or a free one if it is 0.
 * @throws ColdpressError `PORT_UNAVAILABLE`
 */
export async function freePort(wanted: number): Promise<number> {
  const server = createServer();
  const port = await listen(server, wanted);
  await unlisten(server);
  return port;
}
