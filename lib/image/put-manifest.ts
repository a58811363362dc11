import type { Blob } from './oci.ts';
import type { Registry } from './registry/client.ts';
import { checkDigest } from './registry/upload.ts';

/** Writes a manifest under its digest or a tag. @throws ColdpressError REGISTRY_DIGEST, TAG_IMMUTABLE */
export async function putManifest(
  registry: Registry,
  { manifest, as }: { manifest: Blob; as: string },
): Promise<Headers> {
  const response = await registry.send({
    method: 'PUT',
    path: `manifests/${as}`,
    headers: { 'content-type': manifest.mediaType },
    body: (manifest as Blob & { bytes: Buffer }).bytes,
    statuses: [200, 201, 202],
  });
  await response.body?.cancel();
  checkDigest(registry, { response, digest: manifest.digest });
  return response.headers;
}
