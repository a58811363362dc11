import { createServer } from 'node:http';
import { listen, unlisten } from './listen.ts';

/**
 * A port that a process to come can listen on: `wanted`, or any that is free for 0.
 * @throws ColdpressError `PORT_UNAVAILABLE`
 */
export async function freePort(wanted: number): Promise<number> {
  const server = createServer();
  const port = await listen(server, wanted);
  await unlisten(server);
  return port;
}
