import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { startContainer } from '../../lib/local/container/start.ts';
import { startGcf } from '../../lib/local/gcf/start.ts';
import { hostOf } from '../../lib/local/host.ts';
import { makeScratch, packExample } from './pack-example.ts';

const scratch = makeScratch();
const options = { host: hostOf(process), port: 0 };

const outside = Object.values(networkInterfaces())
  .flat()
  .find(address => address?.family === 'IPv4' && !address.internal)?.address;

test.skipIf(outside === undefined).each([
  ['gcf', (dir: string) => startGcf(dir, { ...options, signature: 'http' })],
  ['container', (dir: string) => startContainer(dir, options)],
] as const)(
  'the process of %s is not reachable from beyond this machine',
  async (target, start) => {
    const fn = await start(await packExample(scratch, target));
    try {
      const { port } = new URL(fn.instance.url);
      const socket = connect(Number(port), outside!);
      await expect(once(socket, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    } finally {
      await fn.close();
    }
  },
  60_000,
);
