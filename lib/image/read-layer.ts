import { createReadStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { extract, type Headers } from 'tar-stream';

/** Layers that can be read here, by media type's ending. */
const decoders: [ending: RegExp, decode: (() => NodeJS.ReadWriteStream) | undefined][] = [
  [/[+.]gzip$/, createGunzip],
  [/\+zstd$/, createZstdDecompress],
  [/[.]tar$/, undefined],
];

type Visit = (header: Headers, read: (bytes: number) => Promise<Buffer>) => Promise<void>;

/** Visits every entry of a layer; `read` returns its first bytes, and may be left out. */
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

/** Ends an archive as the format has it: some builders leave out the last blocks of zeros, and runtimes do not mind. */
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
