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

/** Docker's types of the same bytes. https://distribution.github.io/distribution/spec/manifest-v2-2/ */
export const dockerTypes: Readonly<Record<string, string>> = {
  'application/vnd.docker.distribution.manifest.list.v2+json': mediaTypes.index,
  'application/vnd.docker.distribution.manifest.v2+json': mediaTypes.manifest,
  'application/vnd.docker.container.image.v1+json': mediaTypes.config,
  'application/vnd.docker.image.rootfs.diff.tar.gzip': mediaTypes.layer,
};

/** A type of Docker as the one that OCI has for it. */
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
  /** Of a document that is no image: what it is. */
  artifactType?: string;
  /** What it is about. */
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

/** A descriptor and where its bytes are. */
export type Blob = Descriptor & ({ path: string } | { bytes: Buffer });

export function sha256Of(bytes: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The blob of a document; its text is its identity, so keys keep the order that they are written in. */
export function jsonBlob(mediaType: string, value: object): Blob & { bytes: Buffer } {
  const bytes = Buffer.from(JSON.stringify(value));
  return { mediaType, digest: sha256Of(bytes), size: bytes.length, bytes };
}

/** What a descriptor says of a blob, without where it is. */
export function describe({ mediaType, digest, size, platform }: Descriptor): Descriptor {
  return { mediaType, digest, size, ...(platform !== undefined && { platform }) };
}

/** A digest's path in an image layout. */
export function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

const platformNames = { x64: 'amd64', arm64: 'arm64' } as const;

/** A CPU as images name it. */
export function platformOf(architecture: Architecture): Platform & { architecture: 'amd64' | 'arm64' } {
  return { architecture: platformNames[architecture], os: 'linux' };
}
