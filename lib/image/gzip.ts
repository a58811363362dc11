import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { crc32 } from 'node:zlib';
import { deflateRest } from './deflate.ts';

/** The size that one thread compresses at a time. It is part of the format: another size would produce other bytes. */
const pieceBytes = 4 * 2 ** 20;
const mostThreads = 8;
const entry = new URL(`./deflate-worker${extname(import.meta.url)}`, import.meta.url);

/** No time and no name: https://www.rfc-editor.org/rfc/rfc1952#section-2.3 */
const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
/** Compresses a stream to gzip with a single member, on all CPUs; the bytes are the same on any machine. */
export async function* gzip(source: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  const threads = openThreads();
  const running: Promise<Uint8Array>[] = [];
  let checksum = 0;
  let sizeBytes = 0;
  try {
    yield header;
    for await (const piece of divide(source)) {
      checksum = crc32(piece, checksum);
      sizeBytes += piece.length;
      // The last piece is small, as are most layers.
      const compressed =
        piece.length === pieceBytes ? threads.deflate(piece) : Promise.resolve(deflateRest(piece));
      // Prevents an unhandled rejection; the error is reported when the promise is awaited.
      compressed.catch(() => {});
      running.push(compressed);
      if (running.length > threads.most) {
        yield await running.shift()!;
      }
    }
    for (const compressed of running) {
      yield await compressed;
    }
    const end = Buffer.alloc(8);
    end.writeUInt32LE(checksum, 0);
    end.writeUInt32LE(sizeBytes % 2 ** 32, 4);
    yield end;
  } finally {
    await threads.close();
  }
}

/** Divides a stream into pieces of one size, each with its own memory, and a smaller last one, which may be empty. */
async function* divide(source: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let piece = new Uint8Array(pieceBytes);
  let filled = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + pieceBytes - filled);
      piece.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled === pieceBytes) {
        yield piece;
        piece = new Uint8Array(pieceBytes);
        filled = 0;
      }
    }
  }
  yield piece.slice(0, filled);
}

/** Starts threads on demand. */
function openThreads() {
  const most = Math.min(availableParallelism(), mostThreads);
  const all: Worker[] = [];
  const idle: Worker[] = [];
  const waiting: ((worker: Worker) => void)[] = [];

  function take(): Worker | Promise<Worker> {
    const free = idle.pop();
    if (free !== undefined) {
      return free;
    }
    if (all.length < most) {
      const worker = new Worker(entry);
      all.push(worker);
      return worker;
    }
    return new Promise(resolve => waiting.push(resolve));
  }

  function release(worker: Worker): void {
    const next = waiting.shift();
    if (next === undefined) {
      idle.push(worker);
    } else {
      next(worker);
    }
  }

  return {
    most,
    async deflate(piece: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
      const worker = await take();
      worker.postMessage(piece, [piece.buffer]);
      const [compressed] = await once(worker, 'message');
      release(worker);
      return compressed;
    },
    close: () => Promise.all(all.map(worker => worker.terminate())),
  };
}
