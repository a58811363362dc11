import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Headers, pack } from 'tar-stream';
import { ColdpressError } from '../errors.ts';
import { cached } from '../pack/cache.ts';
import { gzip } from './gzip.ts';
import { type Blob, mediaTypes } from './oci.ts';

/** A file to put into a layer: its path in the image, and the path of its bytes or the bytes themselves. */
export type LayerFile = { path: string; sizeBytes: number; sha256: string } & (
  | { source: string }
  | { contents: string }
);

export interface Layer {
  blob: Blob & { path: string };
  /** Digest of the uncompressed tar. */
  diffId: string;
}

const chunkBytes = 2 ** 20;
/** Part of the cache key; to be increased when the format of the output changes. */
const format = 3;

/**
 * Writes a layer unless the cache has one with the same content. Its bytes only depend on paths and contents: entries
 * are sorted, times and owners are 0, and compression does not depend on the machine.
 */
export async function layerOnce(files: readonly LayerFile[], cacheDir: string): Promise<Layer> {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const key = { kind: 'layer', format, files: sorted.map(({ path, sha256 }) => [path, sha256]) };
  const { dir } = await cached(cacheDir, key, async dir => {
    await writeFile(
      join(dir, 'layer.json'),
      JSON.stringify(await writeLayer(sorted, join(dir, 'layer.tar.gz'))),
    );
  });
  const { digest, size, diffId } = JSON.parse(await readFile(join(dir, 'layer.json'), 'utf8'));
  return { blob: { mediaType: mediaTypes.layer, digest, size, path: join(dir, 'layer.tar.gz') }, diffId };
}

async function writeLayer(
  files: readonly LayerFile[],
  out: string,
): Promise<{ digest: string; size: number; diffId: string }> {
  const tar = pack();
  const [before, after] = [hashing(), hashing()];
  const written = pipeline(tar, before.stream, gzip, after.stream, createWriteStream(out));
  const filled = addEntries(tar, files).catch(error => {
    tar.destroy(error);
    throw error;
  });
  await Promise.all([written, filled]);
  return { digest: after.digest(), size: after.bytes(), diffId: before.digest() };
}

async function addEntries(tar: ReturnType<typeof pack>, files: readonly LayerFile[]): Promise<void> {
  for (const path of foldersOf(files)) {
    tar.entry({ ...plain, name: `${path}/`, type: 'directory', mode: 0o755 });
  }
  for (const file of files) {
    const header: Headers = { ...plain, name: file.path, type: 'file', mode: 0o644, size: file.sizeBytes };
    if ('contents' in file) {
      tar.entry(header, file.contents);
    } else {
      const read = hashing();
      await pipeline(
        createReadStream(file.source, { highWaterMark: chunkBytes }),
        read.stream,
        tar.entry(header),
      );
      if (read.digest() !== `sha256:${file.sha256}`) {
        throw new ColdpressError('ARTIFACT_CHANGED', `${file.source} is not what was packed`, {
          hint: 'pack the model again; artifacts are not edited',
        });
      }
    }
  }
  tar.finalize();
}

/** No owner and no time. */
const plain = { mtime: new Date(0), uid: 0, gid: 0, uname: '', gname: '' };

/** All folders above the files, parents first. */
function foldersOf(files: readonly LayerFile[]): string[] {
  const folders = files.flatMap(({ path }) => {
    const names = path.split('/').slice(0, -1);
    return names.map((_, index) => names.slice(0, index + 1).join('/'));
  });
  return [...new Set(folders)].sort();
}

function hashing() {
  const hash = createHash('sha256');
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  let digest: string | undefined;
  return {
    stream,
    bytes: () => bytes,
    digest: () => {
      digest ??= `sha256:${hash.digest('hex')}`;
      return digest;
    },
  };
}
