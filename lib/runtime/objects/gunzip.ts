import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { RequestError } from '../errors.ts';

/**
 * Inflates a gzipped object as a stream. Cloud Storage may already have inflated it, so bytes without gzip's magic
 * number are passed through.
 * @throws RequestError GZIP
 */
export async function* gunzip(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = bytes[Symbol.asyncIterator]();
  const first = await chunks.next();
  const rest = { [Symbol.asyncIterator]: () => chunks };
  const whole = async function* () {
    if (!first.done) {
      yield first.value;
      yield* rest;
    }
  };
  if (first.done || first.value[0] !== 0x1f || first.value[1] !== 0x8b) {
    yield* whole();
    return;
  }
  const inflated = createGunzip();
  // An error of the pipeline also ends the loop below.
  const feeding = pipeline(Readable.from(whole()), inflated).catch(() => {});
  try {
    yield* inflated;
  } catch (cause) {
    throw (cause as NodeJS.ErrnoException).code?.startsWith('Z_')
      ? new RequestError(400, 'GZIP', `not gzip: ${(cause as Error).message}`)
      : cause;
  } finally {
    inflated.destroy();
    await feeding;
  }
}
