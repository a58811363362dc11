import { PassThrough } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { inflate } from '../../../lib/runtime/http/inflate.ts';
import { readAll } from '../../../lib/runtime/platform/read-all.ts';

// A server may keep its last request for long, and the module of inflating its queue: neither may keep a body.

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

async function isReleased(body: WeakRef<Uint8Array>): Promise<boolean> {
  for (let times = 0; times < 20 && body.deref() !== undefined; times++) {
    await wait(5);
    collect();
  }
  return body.deref() === undefined;
}

test('a stream that has been read keeps no chunk of its body', async () => {
  const stream = new PassThrough();
  const refs = (async () => {
    const read = readAll(stream, () => true);
    const chunks = [Buffer.alloc(1000), Buffer.alloc(1000)];
    for (const chunk of chunks) {
      stream.write(chunk);
    }
    stream.end();
    const { bytes } = await read;
    return [bytes, ...chunks].map(part => new WeakRef<Uint8Array>(part));
  })();
  const released: boolean[] = [];
  for (const ref of await refs) {
    released.push(await isReleased(ref));
  }
  expect(released).toEqual([true, true, true]);
  expect(stream.destroyed).toBe(true);
});

test('a stream that broke keeps no chunk of its body', async () => {
  const stream = new PassThrough();
  const chunk = new WeakRef<Uint8Array>(Buffer.alloc(1000));
  const read = readAll(stream, () => true);
  stream.write(chunk.deref());
  await wait(0);
  stream.destroy(new Error('gone'));
  await expect(read).rejects.toThrow('gone');
  expect(await isReleased(chunk)).toBe(true);
  expect(stream.destroyed).toBe(true);
});

test('a body that was inflated last is not kept', async () => {
  const inflated = (async () =>
    new WeakRef<Uint8Array>(await inflate(gzipSync(Buffer.alloc(1000)), 'gzip', 2000)))();
  expect(await isReleased(await inflated)).toBe(true);
});
