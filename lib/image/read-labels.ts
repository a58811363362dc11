import { readFile } from 'node:fs/promises';
import { notAnImage, openRemote } from './image-blobs.ts';
import type { ImageConfig, ImageIndex, ImageManifest } from './oci.ts';
import type { RegistryOptions } from './registry/client.ts';

/**
 * Reads the labels of an image in a registry; those of an index are those of its first image.
 * @throws ColdpressError IMAGE_NAME_INVALID, IMAGE_INVALID, BLOB_DAMAGED, REGISTRY_…
 */
export async function readLabels(name: string, options: RegistryOptions): Promise<Record<string, string>> {
  const blobs = await openRemote(name, options);
  const parse = <T>(bytes: Buffer): T => {
    try {
      return JSON.parse(bytes.toString()) as T;
    } catch (cause) {
      throw notAnImage(name, cause);
    }
  };
  try {
    const top = parse<ImageIndex | ImageManifest>(blobs.top[0]!);
    const first = 'manifests' in top ? top.manifests[0]?.digest : undefined;
    const image =
      first === undefined ? (top as ImageManifest) : parse<ImageManifest>(await blobs.read(first));
    if (image.config === undefined) {
      throw notAnImage(name);
    }
    const { config } = parse<ImageConfig>(await readFile(await blobs.file(image.config)));
    return config?.Labels ?? {};
  } finally {
    await blobs.close();
  }
}
