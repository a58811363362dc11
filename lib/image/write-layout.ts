import { randomUUID } from 'node:crypto';
import { constants, createReadStream, createWriteStream, existsSync } from 'node:fs';
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import { ColdpressError } from '../errors.ts';
import { hashFile } from '../hash-file.ts';
import { makeFolder } from '../make-folder.ts';
import { checkOutputFile } from '../output-file.ts';
import { checkOwnFolder, replaceOutput } from '../pack/output-folder.ts';
import { explainSystemError } from '../system-error.ts';
import type { BuiltImage } from './build.ts';
import { type Blob, blobPath, describe, jsonBlob, mediaTypes } from './oci.ts';
import { isOwnArchive, isOwnLayout } from './own-layout.ts';
import { nameOf, parseReference } from './reference.ts';

/**
 * Writes an OCI image layout: a folder, or an archive if `out` ends in `.tar`. It is written atomically.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md
 * @param name - the image's name in the layout
 * @throws ColdpressError OUTPUT_NOT_EMPTY, OUTPUT_EXISTS, OUTPUT_UNWRITABLE, DISK_FULL, BLOB_DAMAGED
 */
export async function writeLayout(built: BuiltImage, out: string, name: string): Promise<void> {
  await checkOut(out);
  const blobs = allBlobs(built);
  await Promise.all(blobs.map(checkBlob));
  await (out.endsWith('.tar') ? writeArchive : writeFolder)(out, {
    blobs,
    documents: documentsOf(built, name),
  });
}

/** Only an earlier layout is replaced. */
async function checkOut(out: string): Promise<void> {
  await (out.endsWith('.tar')
    ? checkOutputFile(out, { option: '--out', inputs: [], isOwn: () => isOwnArchive(out) })
    : checkOwnFolder(out, {
        what: 'an image of coldpress',
        names: ['blobs', 'index.json', 'oci-layout'],
        isOwn: () => isOwnLayout(out),
      }));
}

interface Content {
  blobs: readonly Blob[];
  documents: Record<string, string>;
}

/** All blobs of an image without duplicates, always in the same order. */
export function allBlobs({ top, images }: BuiltImage): Blob[] {
  const all = [...images.flatMap(({ blobs, manifest }) => [...blobs, manifest]), top];
  return [...new Map(all.map(blob => [blob.digest, blob])).values()];
}

/** @throws ColdpressError BLOB_DAMAGED, because disks and copied caches can corrupt files silently */
export async function checkBlob(blob: Blob): Promise<void> {
  if ('path' in blob && (!existsSync(blob.path) || `sha256:${await hashFile(blob.path)}` !== blob.digest)) {
    throw new ColdpressError('BLOB_DAMAGED', `${blob.path} is not what its digest says`, {
      hint: 'npx coldpress fetch --base fetches a base again; other layers are written anew',
    });
  }
}

function documentsOf({ top, images }: BuiltImage, name: string): Record<string, string> {
  const reference = parseReference(name, '--tag');
  const entry = {
    ...describe(top),
    annotations: {
      'io.containerd.image.name': nameOf(reference),
      'org.opencontainers.image.ref.name': reference.tag!,
    },
  };
  const index = { schemaVersion: 2, mediaType: mediaTypes.index, manifests: [entry] };
  const [first] = images;
  return {
    ...(images.length === 1 && {
      // For versions of `docker load` that do not support image layouts.
      'manifest.json': JSON.stringify([
        {
          Config: blobPath(first!.blobs.at(-1)!.digest),
          RepoTags: [name],
          Layers: first!.blobs.slice(0, -1).map(({ digest }) => blobPath(digest)),
        },
      ]),
    }),
    'index.json': jsonBlob(mediaTypes.index, index).bytes.toString(),
    'oci-layout': JSON.stringify({ imageLayoutVersion: '1.0.0' }),
  };
}

async function writeFolder(out: string, { blobs, documents }: Content): Promise<void> {
  await replaceOutput(out, async dir => {
    for (const blob of blobs) {
      const path = join(dir, blobPath(blob.digest));
      await mkdir(dirname(path), { recursive: true });
      await ('path' in blob
        ? copyFile(blob.path, path, constants.COPYFILE_FICLONE)
        : writeFile(path, blob.bytes));
    }
    for (const [file, text] of Object.entries(documents).filter(([file]) => file !== 'manifest.json')) {
      await writeFile(join(dir, file), text);
    }
  });
}

async function writeArchive(out: string, { blobs, documents }: Content): Promise<void> {
  const partial = `${out}.${randomUUID()}.partial`;
  const tar = pack();
  const header = { mtime: new Date(0), uid: 0, gid: 0, mode: 0o644 };
  const fill = async () => {
    for (const blob of blobs) {
      const entry = { ...header, name: blobPath(blob.digest) };
      if ('path' in blob) {
        await pipeline(createReadStream(blob.path), tar.entry({ ...entry, size: blob.size }));
      } else {
        tar.entry(entry, blob.bytes);
      }
    }
    for (const [name, text] of Object.entries(documents)) {
      tar.entry({ ...header, name }, text);
    }
    tar.finalize();
  };
  try {
    await makeFolder(dirname(out));
    const filled = fill().catch(error => {
      tar.destroy(error);
      throw error;
    });
    await Promise.all([pipeline(tar, createWriteStream(partial)), filled]);
    await rename(partial, out);
  } catch (error) {
    await rm(partial, { force: true });
    throw explainSystemError(error, out);
  }
}
