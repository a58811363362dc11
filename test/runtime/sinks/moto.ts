import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether there is moto, a second implementation of AWS's services, which the tests use but do not bring. */
export const hasMoto = spawnSync('moto_server', ['--version']).error === undefined;

/** Starts moto, and points AWS's clients of this process to it. */
export async function startMoto(): Promise<{ close: () => void }> {
  const port = await freePort();
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  // The address, not a name: S3's clients then put the bucket into the path.
  const endpoint = `http://127.0.0.1:${port}`;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  for (let tries = 0; tries < 300; tries++) {
    const answered = await fetch(`${endpoint}/moto-api/`).then(
      response => response.ok,
      () => false,
    );
    if (answered) {
      return { close: () => child.kill() };
    }
    await sleep(100);
  }
  child.kill();
  throw new Error('moto_server does not answer');
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
