import { Agent, request } from 'node:http';

/** Has the length of its JSON part if raw tensors follow. */
export type Body = Buffer & { jsonLength?: number };

export interface Load {
  perSecond: number;
  p99Ms: number;
}

/**
 * Sends `count` requests from several clients, each sending its next one as soon as the last is answered. @throws Error
 * if an answer is not 200
 */
export async function load(
  url: string,
  body: Body,
  { count, clients }: { count: number; clients: number },
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const times: number[] = [];
  let left = count;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (left > 0) {
        left -= 1;
        times.push(await ask(url, body, agent));
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  agent.destroy();
  times.sort((a, b) => a - b);
  return { perSecond: times.length / seconds, p99Ms: times[Math.floor(times.length * 0.99)]! };
}

function ask(url: string, body: Body, agent: Agent): Promise<number> {
  const startedAt = performance.now();
  const { jsonLength } = body;
  const headers = {
    'content-length': body.length,
    ...(jsonLength === undefined
      ? { 'content-type': 'application/json' }
      : { 'content-type': 'application/octet-stream', 'inference-header-content-length': jsonLength }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, response => {
      response.resume().on('end', () => {
        if (response.statusCode === 200) {
          resolve(performance.now() - startedAt);
        } else {
          reject(new Error(`answered ${response.statusCode}`));
        }
      });
    });
    sent.on('error', reject).end(body);
  });
}
