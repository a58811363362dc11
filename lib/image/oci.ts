import { createHash } from 'node:crypto';
import type { Architecture } from '../contract/manifest.ts';

/** The image format: https://github.com/opencontainers/image-spec/blob/v1.1.1/spec.md */
export const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  empty: 'application/vnd.oci.empty.v1+json',
} as const;

/** Docker's media types for the same bytes. https://distribution.github.io/distribution/spec/manifest-v2-2/ */
export const dockerTypes: Readonly<Record<string, string>> = {
  'application/vnd.docker.distribution.manifest.list.v2+json': mediaTypes.index,
  'application/vnd.docker.distribution.manifest.v2+json': mediaTypes.manifest,
  'application/vnd.docker.container.image.v1+json': mediaTypes.config,
  'application/vnd.docker.image.rootfs.diff.tar.gzip': mediaTypes.layer,
};

/** Converts a Docker media type to the OCI one. */
export function ociType(mediaType: string): string {
  return dockerTypes[mediaType] ?? mediaType;
}

export interface Platform {
  os: string;
  architecture: string;
  variant?: string;
}

export interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
  platform?: Platform;
  annotations?: Record<string, string>;
}

export interface ImageIndex {
  schemaVersion: 2;
  mediaType: string;
  manifests: Descriptor[];
  annotations?: Record<string, string>;
}

export interface ImageManifest {
  schemaVersion: 2;
  mediaType: string;
  /** The type of a document that is not an image. */
  artifactType?: string;
  /** The document that it is about. */
  subject?: Descriptor;
  config: Descriptor;
  layers: Descriptor[];
  annotations?: Record<string, string>;
}

export interface ImageConfig {
  created?: string;
  os: string;
  architecture: string;
  variant?: string;
  config?: {
    Env?: string[];
    User?: string;
    Entrypoint?: string[] | null;
    Cmd?: string[] | null;
    WorkingDir?: string;
    ExposedPorts?: Record<string, object>;
    Labels?: Record<string, string> | null;
    [other: string]: unknown;
  };
  rootfs: { type: 'layers'; diff_ids: string[] };
  history?: { created?: string; created_by?: string; comment?: string; empty_layer?: boolean }[];
}

/** A descriptor with the path of its bytes or the bytes themselves. */
export type Blob = Descriptor & ({ path: string } | { bytes: Buffer });

export function sha256Of(bytes: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Makes the blob of a document; keys keep their order, because the text determines the digest. */
export function jsonBlob(mediaType: string, value: object): Blob & { bytes: Buffer } {
  const bytes = Buffer.from(JSON.stringify(value));
  return { mediaType, digest: sha256Of(bytes), size: bytes.length, bytes };
}

/** Returns the descriptor of a blob without its location. */
export function describe({ mediaType, digest, size, platform }: Descriptor): Descriptor {
  return { mediaType, digest, size, ...(platform !== undefined && { platform }) };
}

/** Path of a digest in an image layout. */
export function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

const platformNames = { x64: 'amd64', arm64: 'arm64' } as const;

/** The platform of a CPU in an image's terms. */
export function platformOf(architecture: Architecture): Platform & { architecture: 'amd64' | 'arm64' } {
  return { architecture: platformNames[architecture], os: 'linux' };
}
