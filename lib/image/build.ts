import type { Artifact } from '../artifact.ts';
import type { Architecture } from '../contract/manifest.ts';
import type { Part } from '../targets/container/part.ts';
import { type Base, findBase } from './base.ts';
import { checkBase } from './check-base.ts';
import { layersOf } from './contents.ts';
import { type Origin, originOf } from './created.ts';
import { imageConfig } from './image-config.ts';
import { defaultBase, imageLayout } from './image-layout.ts';
import { annotationsOf, labelsOf, licensesOf } from './labels.ts';
import { type Layer, layerOnce } from './layer.ts';
import {
  type Blob,
  type Descriptor,
  describe,
  type ImageIndex,
  type ImageManifest,
  jsonBlob,
  mediaTypes,
  platformOf,
} from './oci.ts';
import { planImages } from './plan.ts';
import { type Referrer, sbomReferrer } from './sbom.ts';

export interface BuildOptions {
  /** The name that `coldpress fetch --base` received. @default Node's own image of the artifact's version */
  base?: string | undefined;
  /** @default all CPUs that the artifacts run on */
  architecture?: Architecture | undefined;
  /** Labels an image for AWS Lambda so that SnapStart may take a snapshot of it. @default false */
  snapStart?: boolean | undefined;
  lockPath: string;
  cacheDir: string;
  /** The project's folder, which determines the image's commit and licence. */
  cwd: string;
  env: NodeJS.ProcessEnv;
  onProgress?: (step: string) => void;
  signal?: AbortSignal;
}

/** An image for one CPU, in memory except for its layers. */
export interface Image {
  architecture: Architecture;
  base: Base;
  /** The layers that coldpress adds to the base. */
  layers: { part: Part; digest: string; sizeBytes: number }[];
  manifest: Blob & { bytes: Buffer };
  /** Config and layers, starting with those of the base. */
  blobs: Blob[];
  /** The bill of materials, if the artifact has one; it is pushed with the image. */
  sbom: Referrer | undefined;
}

/** The images to which a tag will refer. */
export interface BuiltImage {
  /** `MODEL:VERSION`, with the first 12 digits of the model's SHA-256 as the version. */
  name: string;
  /** An index if there are several images, otherwise the image's manifest. */
  top: Blob & { bytes: Buffer };
  images: Image[];
}

/**
 * Builds container images of packed artifacts: the same artifacts, base and commit produce the same bytes on any
 * machine.
 * @param dirs - artifacts of one model, each for different CPUs
 * @throws ColdpressError BASE_NOT_FETCHED, BASE_ARCHITECTURE, BASE_INVALID, BASE_LIBC, SOURCE_DATE_INVALID, and the
 * errors of `planImages`
 */
export async function buildImage(dirs: readonly string[], options: BuildOptions): Promise<BuiltImage> {
  const { cwd, env, onProgress = () => {}, signal } = options;
  const plans = planImages(dirs, options);
  const origin = await originOf(cwd, env);
  const images: Image[] = [];
  for (const { artifact, architecture } of plans) {
    signal?.throwIfAborted();
    const base = await findBase(options.base ?? defaultBase(artifact.manifest), architecture, options);
    checkBase(base, artifact);
    onProgress(`writing the layers for ${architecture}`);
    images.push(await assemble({ artifact, architecture, base, origin, options }));
  }
  const [first] = images;
  const { manifest } = plans[0]!.artifact;
  return {
    name: `${imageName(manifest.name)}:${manifest.model.sha256.slice(0, 12)}`,
    top: images.length === 1 ? first!.manifest : indexOf(images, annotationsOf(manifest, origin)),
    images,
  };
}

interface Parts {
  artifact: Artifact;
  architecture: Architecture;
  base: Base;
  origin: Origin;
  options: BuildOptions;
}

async function assemble({ artifact, architecture, base, origin, options }: Parts): Promise<Image> {
  const layout = imageLayout(artifact.manifest, options);
  const own: (Layer & { part: Part })[] = [];
  for (const { part, files } of layersOf(artifact, layout)) {
    own.push({ part, ...(await layerOnce(files, options.cacheDir)) });
  }
  const annotations = annotationsOf(artifact.manifest, origin);
  const licenses = licensesOf(artifact.manifest, options.cwd);
  const labels = { ...labelsOf(artifact.manifest, { base, licenses }), ...annotations, ...layout.labels };
  const config = jsonBlob(mediaTypes.config, imageConfig({ base, layers: own, origin, labels, layout }));
  const layers = [...base.layers, ...own.map(({ blob }) => blob)];
  const manifest = jsonBlob(mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: describe(config),
    layers: layers.map(describe),
    annotations,
  } satisfies ImageManifest);
  return {
    architecture,
    base,
    manifest,
    sbom: await sbomReferrer(artifact, { subject: manifest, base }),
    layers: own.map(({ part, blob }) => ({ part, digest: blob.digest, sizeBytes: blob.size })),
    blobs: [...layers, config],
  };
}

function indexOf(images: readonly Image[], annotations: Record<string, string>): Blob & { bytes: Buffer } {
  const manifests: Descriptor[] = images.map(({ manifest, architecture }) => ({
    ...describe(manifest),
    platform: platformOf(architecture),
  }));
  return jsonBlob(mediaTypes.index, {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests,
    annotations,
  } satisfies ImageIndex);
}

function imageName(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'model'
  );
}
