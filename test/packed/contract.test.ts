import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostOf } from '../../lib/local/host.ts';
import { listen, unlisten } from '../../lib/local/listen.ts';
import { type ServedArtifact, serveArtifact } from '../../lib/local/serve.ts';
import { start } from '../cli/coldpress.ts';
import { processesIn } from '../local/processes-in.ts';
import { rawRequest } from '../local/raw-request.ts';
import { ask, cases } from './contract-cases.ts';
import { makeScratch, packExample } from './pack-example.ts';

/** What every target and either engine answer alike, from the packed artifact, under its platform's own runtime. */

const targets = ['aws-lambda', 'gcf', 'container', 'compiled'] as const;
type Target = (typeof targets)[number];

const served = {} as Record<Target, ServedArtifact>;
const scratch = makeScratch();

beforeAll(async () => {
  for (const target of targets) {
    const dir = await packExample(scratch, target);
    served[target] = await serveArtifact(dir, {
      host: hostOf(process),
      port: 0,
      env: { COLDPRESS_LOCAL: '0' },
    });
  }
}, 120_000);

afterAll(() => Promise.all(Object.values(served).map(one => one.close())));

describe.each(targets)('%s', target => {
  test('passes nothing on to a host that a request names', async () => {
    let wasAsked = false;
    const other = createServer((_, response) => {
      wasAsked = true;
      response.end();
    });
    const port = await listen(other, 0);
    try {
      for (const named of [`//127.0.0.1:${port}/v2`, `http://127.0.0.1:${port}/v2`]) {
        const { status } = await rawRequest(served[target].url, { target: named });
        expect(status).toBeGreaterThanOrEqual(400);
      }
      expect(wasAsked).toBe(false);
    } finally {
      await unlisten(other);
    }
  });

  test.skipIf(process.platform === 'win32')(
    'a kill of `serve` leaves neither process nor folder',
    async () => {
      const temporary = join(scratch, `${target}-tmp`);
      mkdirSync(temporary);
      const { child, ended } = start(['serve', join(scratch, target), '--port', '0', '--json'], {
        env: { TMPDIR: temporary },
      });
      const [line] = await once(child.stdout, 'data');
      const { url } = JSON.parse(String(line));
      expect((await fetch(`${url}/_coldpress/health`)).status).toBe(200);
      expect(readdirSync(temporary)).not.toEqual([]);
      if (process.platform === 'linux') {
        expect(processesIn(temporary)).toHaveLength(1);
      }
      process.kill(child.pid!, 'SIGKILL');
      await ended;
      await expect.poll(() => readdirSync(temporary), { timeout: 10_000 }).toEqual([]);
      expect(processesIn(temporary)).toEqual([]);
    },
  );

  test.each(cases)('$name: $status', async one => {
    const { status, body } = await ask(served[target].url, one);
    expect({ status, body }).toMatchObject({ status: one.status });
    expect(body).toMatch(one.says ?? /^/);
  });
});

test.each(cases.filter(one => one.differs === undefined))(
  '$name: the same answer everywhere, bit by bit',
  async one => {
    const [first, ...others] = await Promise.all(targets.map(target => ask(served[target].url, one)));
    for (const other of others) {
      expect(other).toEqual(first);
    }
  },
);
