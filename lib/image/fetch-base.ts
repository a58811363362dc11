import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { claim } from '../claim.ts';
import type { Architecture } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { hashFile } from '../hash-file.ts';
import { makeFolder } from '../make-folder.ts';
import { download } from '../pack/fetch/download.ts';
import { fetchHttp } from '../pack/fetch/http.ts';
import { changeLock, readLock } from '../pack/lock.ts';
import { baseFolder, checkPlatform, factsFile, findManifests, manifestFor } from './base.ts';
import { type BaseFacts, readFacts } from './base-facts.ts';
import {
  blobPath,
  type Descriptor,
  dockerTypes,
  type ImageConfig,
  type ImageIndex,
  type ImageManifest,
  mediaTypes,
  ociType,
  sha256Of,
} from './oci.ts';
import { nameOf, parseReference } from './reference.ts';
import { openRegistry, type Registry } from './registry/client.ts';
import { checkDigest } from './registry/upload.ts';

export interface FetchBaseOptions {
  lockPath: string;
  cacheDir: string;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  /** @default both x64 and arm64, as far as the base has them */
  architecture?: Architecture | undefined;
  /** Pins the image that the tag refers to now, replacing the one in the lock. @default false */
  update?: boolean | undefined;
  onProgress?: (step: string) => void;
  /** See `RegistryOptions`. */
  pauseMs?: number | undefined;
}

export interface FetchedBase {
  name: string;
  digest: string;
  architectures: Architecture[];
  /** Downloaded bytes; 0 if everything was in the cache. */
  downloadedBytes: number;
  isNewlyPinned: boolean;
}

/**
 * Fetches a base image to the cache, verifies every digest, and pins the image's digest in the lock.
 * @throws ColdpressError IMAGE_NAME_INVALID, BASE_INVALID, BASE_ARCHITECTURE, BASE_FETCH_FAILED, REGISTRY_…
 */
export async function fetchBase(given: string, options: FetchBaseOptions): Promise<FetchedBase> {
  const { lockPath, cacheDir, signal, architecture, update = false, onProgress = () => {} } = options;
  const reference = parseReference(given, '--base');
  const name = nameOf(reference);
  const pinned = update ? undefined : (await readLock(lockPath)).images?.[name]?.digest;
  const wanted = reference.digest ?? pinned;
  const registry = await openRegistry(reference, [`repository:${reference.repository}:pull`], options);
  onProgress(`looking up ${name}`);
  const top = await fetchManifest(registry, wanted ?? reference.tag!, name);
  const dir = baseFolder(cacheDir, top.digest);
  await makeFolder(cacheDir);
  const claimed = await claim(`${dir}.claim`, {
    signal,
    onWait: pid => onProgress(`waiting for process ${pid}, which fetches it, too`),
  });
  const architectures: Architecture[] = [];
  let downloadedBytes = 0;
  const fetchOf = async (blob: Descriptor) => {
    downloadedBytes += await fetchBlob(registry, blob, { dir, signal, name, onProgress });
  };
  try {
    await keep(dir, top);
    for (const { digest } of imagesOf(top, architecture, name)) {
      const image = digest === top.digest ? top : await fetchManifest(registry, digest, name);
      await keep(dir, image);
      const manifest = image.document as ImageManifest;
      await fetchOf(manifest.config);
      const config: ImageConfig = JSON.parse(
        await readFile(join(dir, blobPath(manifest.config.digest)), 'utf8'),
      );
      const arch = architecture ?? (config.architecture === 'arm64' ? 'arm64' : 'x64');
      checkPlatform(config, arch, name);
      for (const layer of manifest.layers) {
        await fetchOf(layer);
      }
      onProgress(`reading ${name} for ${arch}`);
      const facts = await factsOf(dir, { name, manifest, config });
      await writeFile(join(dir, factsFile(arch)), JSON.stringify(facts));
      architectures.push(arch);
    }
  } finally {
    await claimed.release();
  }
  await changeLock(lockPath, lock => {
    lock.images = { ...lock.images, [name]: { digest: top.digest } };
  });
  return {
    name,
    digest: top.digest,
    architectures,
    downloadedBytes,
    isNewlyPinned: wanted === undefined,
  };
}

interface Fetched {
  digest: string;
  bytes: Buffer;
  document: ImageIndex | ImageManifest;
}

/** @param reference - a tag or a digest */
async function fetchManifest(registry: Registry, reference: string, name: string): Promise<Fetched> {
  const accept = [mediaTypes.index, mediaTypes.manifest, ...Object.keys(dockerTypes)].join(', ');
  const response = await registry.send({
    path: `manifests/${reference}`,
    headers: { accept },
    statuses: [200],
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const digest = sha256Of(bytes);
  if (reference.startsWith('sha256:') && digest !== reference) {
    throw new ColdpressError('REGISTRY_DIGEST', `${name}: the registry answers ${digest} for ${reference}`, {
      hint: 'its storage is damaged, or the image was replaced; nothing was kept',
    });
  }
  checkDigest(registry, { response, digest });
  const document = parseManifest(bytes, name);
  return { digest, bytes, document };
}

function parseManifest(bytes: Buffer, name: string): ImageIndex | ImageManifest {
  const invalid = new ColdpressError(
    'BASE_INVALID',
    `${name} is not an image in the current OCI or Docker format`,
    {
      hint: 'push it again with a current tool',
    },
  );
  try {
    const document = JSON.parse(bytes.toString());
    if (
      document.schemaVersion === 2 &&
      (Array.isArray(document.manifests) || Array.isArray(document.layers))
    ) {
      return document;
    }
  } catch {
    throw invalid;
  }
  throw invalid;
}

/**
 * The images to fetch: for an index, those for the CPUs that functions run on.
 * @throws ColdpressError BASE_ARCHITECTURE
 */
function imagesOf(
  { document, digest }: Fetched,
  architecture: Architecture | undefined,
  name: string,
): Pick<Descriptor, 'digest'>[] {
  if (!('manifests' in document)) {
    return [{ digest }];
  }
  const all = architecture === undefined ? findManifests(document) : [];
  return all.length > 0 ? all : [manifestFor(document, architecture ?? 'x64', name)!];
}

async function keep(dir: string, { digest, bytes }: Fetched): Promise<void> {
  const path = join(dir, blobPath(digest));
  await makeFolder(dirname(path));
  await writeFile(`${path}.partial`, bytes);
  await rename(`${path}.partial`, path);
}

/** @returns the number of bytes downloaded: 0 if the blob is in the cache */
async function fetchBlob(
  registry: Registry,
  { digest, size }: Descriptor,
  {
    dir,
    signal,
    name,
    onProgress,
  }: { dir: string; signal: AbortSignal; name: string; onProgress: (step: string) => void },
): Promise<number> {
  const path = join(dir, blobPath(digest));
  if (existsSync(path) && `sha256:${await hashFile(path)}` === digest) {
    return 0;
  }
  const partial = join(dir, `fetching-${digest.slice('sha256:'.length)}`);
  const { url } = registry.locate(`blobs/${digest}`);
  const downloaded = await download(url, {
    dir: partial,
    mostBytes: size,
    signal,
    onProgress: step => onProgress(`${name}: ${step}`),
    async fetchPart(request) {
      // Renews the token if it has expired in the meantime.
      await registry.send({ method: 'HEAD', path: `blobs/${digest}`, statuses: [200] });
      return fetchHttp(request, registry.locate(`blobs/${digest}`).headers);
    },
    refusal: failure =>
      new ColdpressError('BASE_FETCH_FAILED', `${name}: ${failure.message}`, {
        hint: failure.hint,
        cause: failure,
      }),
  });
  if (`sha256:${downloaded.sha256}` !== digest) {
    await rm(partial, { recursive: true, force: true });
    throw new ColdpressError(
      'REGISTRY_DIGEST',
      `${name}: the registry sends sha256:${downloaded.sha256} for ${digest}`,
      {
        hint: 'its storage is damaged, or a proxy changes what passes: nothing of it was kept',
      },
    );
  }
  await rename(downloaded.path, path);
  await rm(partial, { recursive: true, force: true });
  return size;
}

async function factsOf(
  dir: string,
  { name, manifest, config }: { name: string; manifest: ImageManifest; config: ImageConfig },
): Promise<BaseFacts> {
  const path =
    config.config?.Env?.find(variable => variable.startsWith('PATH='))?.slice('PATH='.length) ?? '';
  const layers = manifest.layers.map(({ digest, mediaType }) => ({
    mediaType: ociType(mediaType),
    path: join(dir, blobPath(digest)),
  }));
  return readFacts(layers, path.split(':')).catch(cause => {
    throw new ColdpressError('BASE_INVALID', `${name} has a layer that cannot be read: ${cause.message}`, {
      hint: 'use a base whose layers are tar archives, uncompressed or compressed with gzip or zstd',
      cause,
    });
  });
}
