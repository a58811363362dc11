import { createHash } from 'node:crypto';
import { MANIFEST_FILE, type Manifest } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { parseArtifactManifest } from '../parse-artifact-manifest.ts';
import { compareFiles } from '../verify/compare.ts';
import type { Contents } from '../verify/contents.ts';
import type { Verification } from '../verify/verify.ts';
import { type ImageBlobs, notAnImage } from './image-blobs.ts';
import { functionFolders } from './image-layout.ts';
import type { Descriptor, ImageIndex, ImageManifest } from './oci.ts';
import { ociType } from './oci.ts';
import { eachEntry } from './read-layer.ts';

/** The SHA-256 of an image's files in the function's folder, by their path in it. */
interface FunctionFiles {
  folder: string;
  hashes: Map<string, string>;
  manifest: Manifest;
}

/**
 * Compares the function's files in every image with its manifest, and each blob that is read with its digest.
 * @throws ColdpressError IMAGE_INVALID, BLOB_DAMAGED, REGISTRY_…
 */
export async function verifyImage(blobs: ImageBlobs): Promise<Verification> {
  const images = await imagesOf(blobs);
  const parts: Verification[] = [];
  for (const image of images) {
    parts.push(await verifyOne(blobs, image));
  }
  const [first] = parts;
  if (first === undefined) {
    throw notAnImage(blobs.name);
  }
  return {
    name: first.name,
    compared: parts.flatMap(({ compared }) => compared),
    files: parts.reduce((sum, { files }) => sum + files, 0),
    differences: parts.flatMap(({ differences }) => differences),
  };
}

type Named = { platform: string; manifest: ImageManifest };

async function imagesOf({ name, top, read }: ImageBlobs): Promise<Named[]> {
  const parse = (bytes: Buffer): ImageIndex | ImageManifest => {
    try {
      return JSON.parse(bytes.toString());
    } catch (cause) {
      throw notAnImage(name, cause);
    }
  };
  const resolve = async (bytes: Buffer, platform: string): Promise<Named[]> => {
    const document = parse(bytes);
    if ('layers' in document) {
      // Documents about an image, such as its bill of materials, have a subject.
      return document.subject === undefined ? [{ platform, manifest: document }] : [];
    }
    const found = await Promise.all(
      document.manifests
        .filter(entry => entry.platform?.os !== 'unknown')
        .map(async entry => resolve(await read(entry.digest), platformText(entry))),
    );
    return found.flat();
  };
  return (await Promise.all(top.map(bytes => resolve(bytes, 'image')))).flat();
}

function platformText({ platform }: Descriptor): string {
  return platform === undefined ? 'image' : `${platform.os}/${platform.architecture}`;
}

async function verifyOne(blobs: ImageBlobs, { platform, manifest: image }: Named): Promise<Verification> {
  const { folder, hashes, manifest } = await readFunction(blobs, image);
  const contents: Contents = {
    name: `${platform}:/${folder}`,
    paths: [...hashes.keys()].sort(),
    sha256: async path => hashes.get(path)!,
    read: () => new Uint8Array(),
  };
  return {
    name: manifest.name,
    compared: [contents.name],
    files: manifest.files.length,
    differences: await compareFiles(contents, manifest.files, { hasManifest: true }),
  };
}

/**
 * Reads layers from the top down until every file of the manifest is found: lower layers belong to the base and cannot
 * change files above them.
 * @throws ColdpressError IMAGE_INVALID
 */
async function readFunction(blobs: ImageBlobs, { layers }: ImageManifest): Promise<FunctionFiles> {
  const found = new Map<string, string | undefined>();
  const hidden: string[] = [];
  let text: string | undefined;
  for (const layer of [...layers].reverse()) {
    const path = await blobs.file(layer);
    const deleted: string[] = [];
    await eachEntry({ path, mediaType: ociType(layer.mediaType) }, async ({ name, type }, read) => {
      const clean = name.replace(/^(\.?\/)+/, '').replace(/\/$/, '');
      const whiteout = /^(.*\/)?\.wh\.([^/]+)$/.exec(clean);
      if (whiteout !== null) {
        const [, dir = '', target = ''] = whiteout;
        deleted.push(target === '.wh..opq' ? dir : `${dir}${target}`);
        return;
      }
      const isHidden = hidden.some(gone => clean === gone || clean.startsWith(`${gone.replace(/\/$/, '')}/`));
      const isInside = functionFolders.some(folder => clean.startsWith(`${folder}/`));
      if (type === 'directory' || !isInside || isHidden || found.has(clean)) {
        return;
      }
      if (type !== 'file') {
        found.set(clean, `a ${type}`);
        return;
      }
      const bytes = await read(Infinity);
      found.set(clean, createHash('sha256').update(bytes).digest('hex'));
      if (functionFolders.some(folder => clean === `${folder}/${MANIFEST_FILE}`)) {
        text = bytes.toString();
      }
    });
    hidden.push(...deleted);
    const files = text === undefined ? undefined : filesOf(text, found, blobs.name);
    if (files?.manifest.files.every(({ path }) => files.hashes.has(path))) {
      return files;
    }
  }
  if (text === undefined) {
    throw notAnImage(blobs.name);
  }
  return filesOf(text, found, blobs.name);
}

function filesOf(text: string, found: Map<string, string | undefined>, name: string): FunctionFiles {
  let manifest: Manifest;
  try {
    manifest = parseArtifactManifest(text);
  } catch (cause) {
    throw new ColdpressError('ARTIFACT_INVALID', `${name}: ${(cause as Error).message}`, {
      hint: 'build the image again',
      cause,
    });
  }
  const folder = functionFolders.find(each => found.has(`${each}/${MANIFEST_FILE}`))!;
  const inside = [...found].filter(([path]) => path.startsWith(`${folder}/`));
  return {
    folder,
    manifest,
    hashes: new Map(inside.map(([path, hash]) => [path.slice(folder.length + 1), hash ?? ''])),
  };
}
