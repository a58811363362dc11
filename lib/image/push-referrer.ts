import { type Descriptor, describe, type ImageIndex, jsonBlob, mediaTypes } from './oci.ts';
import { putManifest } from './put-manifest.ts';
import type { Registry } from './registry/client.ts';
import { uploadBlob } from './registry/upload.ts';
import type { Referrer } from './sbom.ts';

/**
 * Pushes a document about an image that is in the registry. If the registry does not support referrers, the list of
 * them is pushed as a tag.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests-with-subject
 */
export async function pushReferrer(registry: Registry, referrer: Referrer): Promise<void> {
  for (const blob of referrer.blobs) {
    await uploadBlob(registry, blob, {});
  }
  const { manifest, subject, artifactType } = referrer;
  const headers = await putManifest(registry, { manifest, as: manifest.digest });
  if (headers.get('oci-subject') !== subject.digest) {
    await listByTag(registry, { ...describe(manifest), artifactType }, subject.digest.replace(':', '-'));
  }
}

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema */
async function listByTag(
  registry: Registry,
  entry: Descriptor & { artifactType: string },
  tag: string,
): Promise<void> {
  const response = await registry.send({
    path: `manifests/${tag}`,
    headers: { accept: mediaTypes.index },
    statuses: [200, 404],
  });
  const listed = response.status === 404 ? [] : ((await response.json()) as ImageIndex).manifests;
  if (response.status === 404) {
    await response.body?.cancel();
  }
  if (!listed.some(({ digest }) => digest === entry.digest)) {
    const manifests = [...listed, entry];
    const index = jsonBlob(mediaTypes.index, {
      schemaVersion: 2,
      mediaType: mediaTypes.index,
      manifests,
    });
    await putManifest(registry, { manifest: index, as: tag });
  }
}
