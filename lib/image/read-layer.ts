import { createReadStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { extract, type Headers } from 'tar-stream';

/** Decoders of layers by the ending of the media type. */
const decoders: [ending: RegExp, decode: (() => NodeJS.ReadWriteStream) | undefined][] = [
  [/[+.]gzip$/, createGunzip],
  [/\+zstd$/, createZstdDecompress],
  [/[.]tar$/, undefined],
];

type Visit = (header: Headers, read: (bytes: number) => Promise<Buffer>) => Promise<void>;

/** Visits every entry of a layer; `read` returns its first bytes and need not be called. */
export async function eachEntry(
  { path, mediaType }: { path: string; mediaType: string },
  visit: Visit,
): Promise<void> {
  const decoder = decoders.find(([ending]) => ending.test(mediaType))?.[1];
  const entries = extract();
  const file = createReadStream(path, { highWaterMark: 2 ** 20 });
  const fed =
    decoder === undefined ? pipeline(file, padded(), entries) : pipeline(file, decoder(), padded(), entries);
  const visited = (async () => {
    for await (const entry of entries) {
      await visit(entry.header, async most => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        for await (const chunk of entry) {
          if (bytes < most) {
            chunks.push(chunk as Buffer);
            bytes += (chunk as Buffer).length;
          }
        }
        return Buffer.concat(chunks);
      });
      entry.resume();
    }
  })();
  await Promise.all([fed, visited]);
}

/**
 * Adds the end of the archive that the format requires: some builders omit the final blocks of zeros, which runtimes
 * tolerate.
 */
function padded(): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      done(null, chunk);
    },
    flush(done) {
      done(null, Buffer.alloc(((512 - (bytes % 512)) % 512) + 1024));
    },
  });
}
