import { existsSync } from 'node:fs';
import { readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Architecture } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { LOCK_FILE, readLock } from '../pack/lock.ts';
import { quote } from '../shell-command.ts';
import type { BaseFacts } from './base-facts.ts';
import {
  type Blob,
  blobPath,
  type Descriptor,
  describe,
  type ImageConfig,
  type ImageIndex,
  type ImageManifest,
  ociType,
  platformOf,
  sha256Of,
} from './oci.ts';
import { nameOf, parseReference, type Reference } from './reference.ts';

/** A base image for one CPU, from the cache. */
export interface Base {
  /** Name of the image in the lock. */
  name: string;
  /** Digest that the name refers to: an image, or an index of several. */
  digest: string;
  reference: Reference;
  config: ImageConfig;
  layers: (Blob & { path: string })[];
  facts: BaseFacts;
}

export interface BaseOptions {
  /** `coldpress.lock.json` next to the config. */
  lockPath: string;
  cacheDir: string;
}

/** The cache folder of a base. @param digest - the digest in the lock */
export function baseFolder(cacheDir: string, digest: string): string {
  return join(cacheDir, `base-${digest.slice('sha256:'.length)}`);
}

export function factsFile(architecture: Architecture): string {
  return `facts-${architecture}.json`;
}

/**
 * Finds a base that `coldpress fetch --base` fetched; does not use the network.
 * @throws ColdpressError IMAGE_NAME_INVALID, BASE_NOT_FETCHED, BASE_ARCHITECTURE, BLOB_DAMAGED, LOCK_INVALID
 */
export async function findBase(
  given: string,
  architecture: Architecture,
  { lockPath, cacheDir }: BaseOptions,
): Promise<Base> {
  const reference = parseReference(given, '--base');
  const name = nameOf(reference);
  const digest = reference.digest ?? (await readLock(lockPath)).images?.[name]?.digest;
  const hint = `npx coldpress fetch --base ${quote(given)}`;
  if (digest === undefined) {
    throw new ColdpressError(
      'BASE_NOT_FETCHED',
      `${LOCK_FILE} has no base ${name}; images are built without the network`,
      {
        hint,
      },
    );
  }
  const dir = baseFolder(cacheDir, digest);
  if (!existsSync(join(dir, blobPath(digest)))) {
    throw new ColdpressError('BASE_NOT_FETCHED', `the base ${name}, ${digest}, is not in the cache`, {
      hint,
    });
  }
  const now = new Date();
  await utimes(dir, now, now).catch(() => {});
  const read = async <T>(descriptor: Pick<Descriptor, 'digest'>) =>
    readDocument<T>(join(dir, blobPath(descriptor.digest)), { digest: descriptor.digest, hint });
  const chosen = manifestFor(await read<ImageIndex | ImageManifest>({ digest }), architecture, name);
  const factsPath = join(dir, factsFile(architecture));
  if (chosen !== undefined && !existsSync(factsPath)) {
    throw new ColdpressError(
      'BASE_NOT_FETCHED',
      `the base ${name} is in the cache, but not for ${architecture}`,
      {
        hint: `${hint} --arch ${architecture}`,
      },
    );
  }
  const manifest = await read<ImageManifest>(chosen ?? { digest });
  const config = await read<ImageConfig>(manifest.config);
  checkPlatform(config, architecture, name);
  const facts: BaseFacts = JSON.parse(await readFile(factsPath, 'utf8'));
  const layers = manifest.layers.map(layer => ({
    ...describe({ ...layer, mediaType: ociType(layer.mediaType) }),
    path: join(dir, blobPath(layer.digest)),
  }));
  return { name, digest, reference, config, layers, facts };
}

async function readDocument<T>(path: string, { digest, hint }: { digest: string; hint: string }): Promise<T> {
  const bytes = await readFile(path).catch(cause => {
    throw new ColdpressError('BASE_NOT_FETCHED', `${path} of the base is missing`, { hint, cause });
  });
  if (sha256Of(bytes) !== digest) {
    throw new ColdpressError('BLOB_DAMAGED', `${path} is not what its digest says`, { hint });
  }
  return JSON.parse(bytes.toString());
}

/**
 * Finds the image for a CPU in an index; `undefined` if the document is not an index.
 * @throws ColdpressError BASE_ARCHITECTURE
 */
export function manifestFor(
  document: ImageIndex | ImageManifest,
  architecture: Architecture,
  name: string,
): Descriptor | undefined {
  if (!('manifests' in document)) {
    return undefined;
  }
  const found = forArchitecture(document, architecture);
  if (found === undefined) {
    const offered = document.manifests.flatMap(({ platform }) =>
      platform === undefined || platform.os === 'unknown' ? [] : [`${platform.os}/${platform.architecture}`],
    );
    throw missing(name, architecture, [...new Set(offered)]);
  }
  return found;
}

/** The images in an index for the CPUs that functions run on. */
export function findManifests(index: ImageIndex): Descriptor[] {
  return (['x64', 'arm64'] as const).flatMap(architecture => forArchitecture(index, architecture) ?? []);
}

function forArchitecture(index: ImageIndex, architecture: Architecture): Descriptor | undefined {
  const wanted = platformOf(architecture);
  return index.manifests.find(
    ({ platform }) => platform?.os === wanted.os && platform.architecture === wanted.architecture,
  );
}

/** @throws ColdpressError BASE_ARCHITECTURE */
export function checkPlatform(config: ImageConfig, architecture: Architecture, name: string): void {
  const wanted = platformOf(architecture);
  if (config.os !== wanted.os || config.architecture !== wanted.architecture) {
    throw missing(name, architecture, [`${config.os}/${config.architecture}`]);
  }
}

function missing(name: string, architecture: Architecture, offered: string[]): ColdpressError {
  const { os, architecture: cpu } = platformOf(architecture);
  const other = architecture === 'x64' ? 'arm64' : 'x64';
  return new ColdpressError(
    'BASE_ARCHITECTURE',
    `${name} has no image for ${os}/${cpu}, but for ${offered.join(', ')}`,
    { hint: `use another base, or build for the other CPU alone: --arch ${other}` },
  );
}
