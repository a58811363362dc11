import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { makeExecutable } from '../../lib/executable/make-executable.ts';
import { hostPlatform } from '../../lib/executable/platforms.ts';
import { freePort } from '../../lib/local/free-port.ts';
import { hostOf } from '../../lib/local/host.ts';
import { type ServedArtifact, serveArtifact } from '../../lib/local/serve.ts';
import { cacheRoot } from '../../lib/pack/cache.ts';
import { ask, cases } from '../packed/contract-cases.ts';
import { makeScratch, packExample } from '../packed/pack-example.ts';

/** One file answers what the container of the same artifact answers. */

const scratch = makeScratch();
// Node 22 of the matrix makes none of an artifact for Node 24 without the network.
const isMakeable = hostPlatform() !== undefined && process.versions.node.startsWith('24.');

describe.skipIf(!isMakeable).each(['container', 'container-compiled'] as const)('%s as one file', variant => {
  let url: string;
  let server: ChildProcess;
  let container: ServedArtifact;

  beforeAll(async () => {
    const artifact = await packExample(scratch, variant);
    const path = join(scratch, `one file of ${variant}`);
    await makeExecutable(artifact, { out: path, cacheDir: cacheRoot(process.env) });
    const port = await freePort(0);
    const env = { PORT: String(port), COLDPRESS_CACHE_DIR: join(scratch, 'placed') };
    server = spawn(path, ['serve'], { env, stdio: 'ignore' });
    url = `http://127.0.0.1:${port}`;
    container = await serveArtifact(artifact, {
      host: hostOf(process),
      port: 0,
      env: { COLDPRESS_LOCAL: '0' },
    });
    await vi.waitFor(
      async () => {
        expect((await fetch(`${url}/v2/health/ready`)).status).toBe(200);
      },
      { timeout: 60_000, interval: 100 },
    );
  }, 180_000);

  afterAll(async () => {
    server.kill('SIGKILL');
    await container.close();
  });

  test.each(cases)('$name: $status', async one => {
    const { status, body } = await ask(url, one);
    expect({ status, body }).toMatchObject({ status: one.status });
    expect(body).toMatch(one.says ?? /^/);
  });

  test.each(cases.filter(one => one.differs === undefined))('$name: as the container', async one => {
    expect(await ask(url, one)).toEqual(await ask(container.url, one));
  });
});
