import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import { ownLabels } from './labels.ts';
import { blobPath, type Descriptor, type ImageConfig, type ImageIndex, type ImageManifest } from './oci.ts';

type Read = (path: string) => Promise<Buffer | undefined> | Buffer | undefined;

/** Whether an image layout in a folder is one that coldpress wrote. */
export async function isOwnLayout(dir: string): Promise<boolean> {
  return isOwn(path => readFile(join(dir, path)));
}

/** Whether an image layout in an archive is one that coldpress wrote. */
export async function isOwnArchive(path: string): Promise<boolean> {
  try {
    const documents = await readDocuments(path);
    return await isOwn(name => documents.get(name));
  } catch {
    return false;
  }
}

/** A layout of ours has one entry, and its image has our label. */
async function isOwn(read: Read): Promise<boolean> {
  const parse = async <T>(path: string) => JSON.parse(String(await read(path))) as T;
  const blob = <T>({ digest }: Descriptor) => parse<T>(blobPath(digest));
  try {
    const { manifests } = await parse<ImageIndex>('index.json');
    const top = await blob<ImageIndex | ImageManifest>(manifests[0]!);
    const image = 'config' in top ? top : await blob<ImageManifest>(top.manifests[0]!);
    const { config } = await blob<ImageConfig>(image.config);
    return manifests.length === 1 && config?.Labels?.[ownLabels.coldpress] !== undefined;
  } catch {
    return false;
  }
}

/** Larger files are layers. */
const documentBytesAtMost = 1024 * 1024;

/** The small files of an archive, by name. */
async function readDocuments(path: string): Promise<Map<string, Buffer>> {
  const documents = new Map<string, Buffer>();
  const entries = extract();
  const keep = async () => {
    for await (const entry of entries) {
      const { name, size = 0 } = entry.header;
      if (size > documentBytesAtMost) {
        entry.resume();
      } else {
        documents.set(name, await buffer(entry));
      }
    }
  };
  await Promise.all([pipeline(createReadStream(path), entries), keep()]);
  return documents;
}
