import { ColdpressError } from '../errors.ts';
import type { BuiltImage } from './build.ts';
import { type Blob, mediaTypes } from './oci.ts';
import { pushReferrer } from './push-referrer.ts';
import { putManifest } from './put-manifest.ts';
import type { Reference } from './reference.ts';
import { openRegistry, type Registry, type RegistryOptions } from './registry/client.ts';
import { type Uploaded, uploadBlob } from './registry/upload.ts';
import { allBlobs, checkBlob } from './write-layout.ts';

export interface PushOptions extends RegistryOptions {
  onProgress?: (step: string) => void;
}

export interface Pushed {
  /** The image to deploy: by digest, which always refers to the same image. */
  image: string;
  digest: string;
  /** Bytes that were sent, and those that the registry already had or mounted from another repository. */
  sentBytes: number;
  blobs: { digest: string; sizeBytes: number; how: Uploaded }[];
  /** Whether bills of materials were attached to the image; `none` if its artifacts have none. */
  sbom: 'attached' | 'refused' | 'none';
}

/** Number of parallel uploads; more are not faster. */
const parallel = 4;

/**
 * Pushes an image: first all blobs that the registry lacks, then the manifests by digest, and last the tag, so that no
 * tag ever refers to an incomplete image.
 * @throws ColdpressError BLOB_DAMAGED, TAG_IMMUTABLE, REGISTRY_…, CREDENTIALS_INVALID, CREDENTIAL_HELPER
 */
export async function pushImage(
  built: BuiltImage,
  reference: Reference,
  options: PushOptions,
): Promise<Pushed> {
  const { onProgress = () => {} } = options;
  const bases = new Set(
    built.images.map(({ base }) => base.reference).filter(base => base.registry === reference.registry),
  );
  const mountFrom = [...bases][0]?.repository;
  const others = mountFrom === undefined || mountFrom === reference.repository ? [] : [mountFrom];
  const scopes = [
    `repository:${reference.repository}:pull,push`,
    ...others.map(name => `repository:${name}:pull`),
  ];
  const registry = await openRegistry(reference, scopes, options);
  const target = `${reference.registry}/${reference.repository}`;
  const manifests = allBlobs(built).filter(isManifest);
  const queue = allBlobs(built).filter(blob => !isManifest(blob));
  const totalBytes = queue.reduce((sum, { size }) => sum + size, 0);
  const blobs: Pushed['blobs'] = [];
  let sentBytes = 0;
  const worker = async () => {
    for (let blob = queue.shift(); blob !== undefined; blob = queue.shift()) {
      await checkBlob(blob);
      const own = built.images.some(({ layers }) => layers.some(({ digest }) => digest === blob!.digest));
      const how = await uploadBlob(registry, blob, {
        mountFrom: own ? undefined : others[0],
        onSent(bytes) {
          sentBytes += bytes;
          onProgress(
            `pushing to ${target}: ${(sentBytes / 1e6).toFixed(1)} of at most ${(totalBytes / 1e6).toFixed(1)} MB`,
          );
        },
      });
      blobs.push({ digest: blob.digest, sizeBytes: blob.size, how });
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  for (const manifest of manifests) {
    await putManifest(registry, { manifest, as: manifest.digest });
  }
  const sbom = await attachSboms(registry, built);
  if (reference.tag !== undefined) {
    onProgress(`tagging ${target}:${reference.tag}`);
    await putTag(registry, built.top, reference.tag);
  }
  return { image: `${target}@${built.top.digest}`, digest: built.top.digest, sentBytes, blobs, sbom };
}

/** Older registries without referrers may reject such a manifest; the image is complete without it. */
async function attachSboms(registry: Registry, { images }: BuiltImage): Promise<Pushed['sbom']> {
  const sboms = images.flatMap(({ sbom }) => sbom ?? []);
  try {
    for (const sbom of sboms) {
      await pushReferrer(registry, sbom);
    }
  } catch (error) {
    if (error instanceof ColdpressError && error.code === 'REGISTRY_FAILED') {
      return 'refused';
    }
    throw error;
  }
  return sboms.length === 0 ? 'none' : 'attached';
}

function isManifest({ mediaType }: Blob): boolean {
  return mediaType === mediaTypes.manifest || mediaType === mediaTypes.index;
}

/** @throws ColdpressError TAG_IMMUTABLE, REGISTRY_DIGEST */
async function putTag(registry: Registry, top: BuiltImage['top'], tag: string): Promise<void> {
  if ((await digestOf(registry, tag)) === top.digest) {
    return;
  }
  await putManifest(registry, { manifest: top, as: tag });
  const found = await digestOf(registry, tag);
  if (found !== top.digest) {
    throw new ColdpressError(
      'REGISTRY_DIGEST',
      `${registry.reference.registry}/${registry.reference.repository}:${tag} is ${found ?? 'absent'} after ${top.digest} was pushed`,
      { hint: 'another process may push the same tag; deploy by digest' },
    );
  }
}

async function digestOf(registry: Registry, tag: string): Promise<string | undefined> {
  const response = await registry.send({
    method: 'HEAD',
    path: `manifests/${tag}`,
    headers: { accept: `${mediaTypes.index}, ${mediaTypes.manifest}` },
    statuses: [200, 404],
  });
  return response.status === 404 ? undefined : (response.headers.get('docker-content-digest') ?? undefined);
}
