import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact } from '../artifact.ts';
import { SBOM_FILE } from '../contract/files.ts';
import type { Base } from './base.ts';
import {
  type Blob,
  type Descriptor,
  describe,
  type ImageManifest,
  jsonBlob,
  mediaTypes,
  sha256Of,
} from './oci.ts';

/** https://www.iana.org/assignments/media-types/application/vnd.cyclonedx+json */
const sbomType = 'application/vnd.cyclonedx+json';

/** A document that names an image as its subject: registries list it among the image's referrers. */
export interface Referrer {
  subject: Descriptor;
  manifest: Blob & { bytes: Buffer };
  /** The blobs that the manifest refers to. */
  blobs: (Blob & { bytes: Buffer })[];
  artifactType: string;
}

/**
 * The bill of materials of an image: the artifact's plus the base image. `undefined` if the artifact has none.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidelines-for-artifact-usage
 */
export async function sbomReferrer(
  { dir }: Artifact,
  { subject, base }: { subject: Blob; base: Base },
): Promise<Referrer | undefined> {
  const path = join(dir, SBOM_FILE);
  if (!existsSync(path)) {
    return undefined;
  }
  const bom = JSON.parse(await readFile(path, 'utf8'));
  const component = baseComponent(base);
  bom.components.push(component);
  for (const dependency of bom.dependencies ?? []) {
    if (dependency.ref === bom.metadata.component['bom-ref']) {
      dependency.dependsOn = [...(dependency.dependsOn ?? []), component['bom-ref']];
    }
  }
  const bytes = Buffer.from(`${JSON.stringify(bom, null, 2)}\n`);
  const sbom = { mediaType: sbomType, digest: sha256Of(bytes), size: bytes.length, bytes };
  const config = jsonBlob(mediaTypes.empty, {});
  const about = describe(subject);
  const manifest = jsonBlob(mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType: sbomType,
    config: describe(config),
    layers: [describe(sbom)],
    subject: about,
  } satisfies ImageManifest);
  return { subject: about, manifest, blobs: [config, sbom], artifactType: sbomType };
}

/** https://github.com/package-url/purl-spec/blob/main/types-doc/oci-definition.md */
function baseComponent({ name, digest, reference: { registry, repository } }: Base): Record<string, unknown> {
  const shortName = repository.split('/').at(-1)!;
  const url = encodeURIComponent(`${registry}/${repository}`);
  return {
    type: 'container',
    name,
    version: digest,
    'bom-ref': 'base-image',
    purl: `pkg:oci/${shortName}@${encodeURIComponent(digest)}?repository_url=${url}`,
  };
}
