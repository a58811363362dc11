import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startContainer } from '../../lib/local/container/start.ts';
import { startGcf } from '../../lib/local/gcf/start.ts';
import { hostOf } from '../../lib/local/host.ts';
import { serveArtifact } from '../../lib/local/serve.ts';
import { example, makeScratch, packExample } from './pack-example.ts';

/** Requests that end, break or stop in their bodies, on raw sockets: nothing hangs, dies or is held. */

const record = readFileSync(join(example, 'record.json'), 'utf8');
const scratch = makeScratch();
const options = { host: hostOf(process), port: 0 };

interface Served {
  url: string;
  close(): Promise<unknown>;
}

const ofInstance = ({ instance, close }: { instance: { url: string }; close(): Promise<void> }): Served => ({
  url: instance.url,
  close,
});

const places: Record<string, () => Promise<Served>> = {
  gcf: async () =>
    ofInstance(await startGcf(await packExample(scratch, 'gcf'), { ...options, signature: 'http' })),
  'events of gcf': async () =>
    ofInstance(await startGcf(await packExample(scratch, 'gcf'), { ...options, signature: 'cloudevent' })),
  container: async () =>
    ofInstance(await startContainer(await packExample(scratch, 'container-compiled'), options)),
  'aws-lambda': async () => serveArtifact(await packExample(scratch, 'aws-lambda'), options),
};

const head = 'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n';
const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n`;
const large = 'a'.repeat(4_000_000);

/** What is sent before the socket ends or breaks. */
const parts: Record<string, string> = {
  'a head that ends': head,
  'no chunk': chunked,
  'half a size': `${chunked}1`,
  'half a chunk': `${chunked}ff\r\n[1,2`,
  'a chunk without its end': `${chunked}3\r\n[1]`,
  'no last chunk': `${chunked}3\r\n[1]\r\n`,
  'half a trailer': `${chunked}3\r\n[1]\r\n0\r\nX-Sum: `,
  'a size that is none': `${chunked}zz\r\n[1]\r\n`,
  'a size beyond all numbers': `${chunked}${'f'.repeat(40)}\r\n[1]`,
  'less than its length': `${head}Content-Length: 100\r\n\r\n[1]`,
  'both lengths': `${head}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1]\r\n0\r\n\r\n`,
  'much of a large chunk': `${chunked}7fffff\r\n${large}`,
};

/** Sends it, then ends or breaks the socket; settles once it is closed, or after long. */
function send(url: string, text: string, how: 'end' | 'break'): Promise<'closed' | 'open'> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const closed = new Promise<'closed'>(resolve => socket.once('close', () => resolve('closed')));
  socket.on('error', () => {}).resume();
  socket.write(text, () => setTimeout(() => (how === 'end' ? socket.end() : socket.resetAndDestroy()), 20));
  return Promise.race([closed, wait(20_000, 'open' as const, { ref: false })]);
}

describe.each(Object.keys(places))('%s', place => {
  let served: Served;

  beforeAll(async () => {
    served = await places[place]!();
  }, 120_000);

  afterAll(() => served.close());

  async function answers(): Promise<void> {
    const isEvent = place === 'events of gcf';
    const event = {
      specversion: '1.0',
      id: '1',
      source: '//x',
      type: 'com.example',
      data: JSON.parse(record),
    };
    const response = await fetch(served.url, {
      method: 'POST',
      headers: { 'content-type': isEvent ? 'application/cloudevents+json' : 'application/json' },
      body: isEvent ? JSON.stringify(event) : record,
    });
    expect(response.status, await response.text()).toBe(isEvent ? 204 : 200);
  }

  test.each(Object.entries(parts))(
    '%s',
    async (_, text) => {
      const ends = await Promise.all([send(served.url, text, 'end'), send(served.url, text, 'break')]);
      expect(ends).toEqual(['closed', 'closed']);
      await answers();
    },
    60_000,
  );

  test('what broken bodies held is there for others', async () => {
    await Promise.all(
      Array.from({ length: 40 }, () => send(served.url, parts['much of a large chunk']!, 'break')),
    );
    await answers();
  }, 60_000);
});
