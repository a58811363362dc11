import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import { ColdpressError } from '../errors.ts';
import { hashFile } from '../hash-file.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { blobPath, type Descriptor, dockerTypes, mediaTypes, sha256Of } from './oci.ts';
import { parseReference } from './reference.ts';
import { openRegistry, type RegistryOptions } from './registry/client.ts';

/** Reads the blobs of an image, and verifies them against their digests. */
export interface ImageBlobs {
  /** Name of the image, for messages. */
  name: string;
  /** The documents that the tag or the layout refers to. */
  top: Buffer[];
  /** @throws ColdpressError BLOB_DAMAGED, REGISTRY_… */
  read(digest: string): Promise<Buffer>;
  /** Returns the path of a file with a blob's bytes. @throws ColdpressError BLOB_DAMAGED, REGISTRY_… */
  file(blob: Pick<Descriptor, 'digest'>): Promise<string>;
  close(): Promise<void>;
}

/** Opens an image layout in a folder. @throws ColdpressError IMAGE_INVALID, BLOB_DAMAGED */
export async function openLayout(dir: string): Promise<ImageBlobs> {
  const file = async ({ digest }: Pick<Descriptor, 'digest'>) => {
    const path = join(dir, blobPath(digest));
    if (!existsSync(path) || `sha256:${await hashFile(path)}` !== digest) {
      throw damaged(dir, digest);
    }
    return path;
  };
  const read = async (digest: string) => readFile(await file({ digest }));
  let entries: Descriptor[];
  try {
    entries = JSON.parse(await readFile(join(dir, 'index.json'), 'utf8')).manifests;
  } catch (cause) {
    throw notAnImage(dir, cause);
  }
  const top = await Promise.all(entries.map(({ digest }) => read(digest)));
  return { name: dir, top, read, file, close: async () => {} };
}

/** Opens an image layout in an archive. @throws ColdpressError IMAGE_INVALID, BLOB_DAMAGED */
export async function openLayoutArchive(path: string): Promise<ImageBlobs> {
  const dir = await makeTemporaryFolder({ purpose: 'image' });
  const close = () => rm(dir, { recursive: true, force: true });
  try {
    const entries = extract();
    const fed = pipeline(createReadStream(path), entries);
    const written = (async () => {
      for await (const entry of entries) {
        const { name } = entry.header;
        // No other names are used as paths.
        if (/^(index\.json|blobs\/sha256\/[0-9a-f]{64})$/.test(name)) {
          await mkdir(dirname(join(dir, name)), { recursive: true });
          await pipeline(entry, createWriteStream(join(dir, name)));
        } else {
          entry.resume();
        }
      }
    })();
    await Promise.all([fed, written]).catch(cause => {
      throw notAnImage(path, cause);
    });
    return { ...(await openLayout(dir)), name: path, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Opens an image in a registry. @throws ColdpressError IMAGE_NAME_INVALID, REGISTRY_… */
export async function openRemote(name: string, options: RegistryOptions): Promise<ImageBlobs> {
  const reference = parseReference(name, 'the image');
  const registry = await openRegistry(reference, [`repository:${reference.repository}:pull`], options);
  const dir = await makeTemporaryFolder({ purpose: 'image' });
  const close = () => rm(dir, { recursive: true, force: true });
  const accept = [mediaTypes.index, mediaTypes.manifest, ...Object.keys(dockerTypes)].join(', ');
  const document = async (as: string) => {
    const response = await registry.send({ path: `manifests/${as}`, headers: { accept }, statuses: [200] });
    const bytes = Buffer.from(await response.arrayBuffer());
    if (as.startsWith('sha256:') && sha256Of(bytes) !== as) {
      throw damaged(name, as);
    }
    return bytes;
  };
  const blob = async (digest: string) => {
    const response = await registry.send({ path: `blobs/${digest}`, statuses: [200] });
    return Readable.fromWeb(response.body as import('node:stream/web').ReadableStream);
  };
  try {
    const top = [await document(reference.digest ?? reference.tag!)];
    return {
      name,
      top,
      close,
      read: async digest => {
        const bytes = await document(digest);
        return bytes;
      },
      async file({ digest }) {
        const path = join(dir, digest.replace(':', '-'));
        await pipeline(await blob(digest), createWriteStream(path));
        if (`sha256:${await hashFile(path)}` !== digest) {
          throw damaged(name, digest);
        }
        return path;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function damaged(name: string, digest: string): ColdpressError {
  return new ColdpressError('BLOB_DAMAGED', `${name}: ${digest} is missing, or is not what its digest says`, {
    hint: 'do not run this image; get it again, or build it again',
  });
}

export function notAnImage(name: string, cause?: unknown): ColdpressError {
  return new ColdpressError('IMAGE_INVALID', `${name} is no image that coldpress has built`, {
    hint: 'name an image layout of coldpress image --out, or an image of a registry',
    cause,
  });
}
