import { existsSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { openArtifact } from '../artifact.ts';
import { FUNCTION_FOLDER, FUNCTION_ZIP, LAYER_FOLDER, LAYER_ZIP } from '../contract/files.ts';
import { MANIFEST_FILE, type Manifest } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { parseArtifactManifest } from '../parse-artifact-manifest.ts';
import { compareFiles, type Difference } from './compare.ts';
import { type Contents, folderContents, zipContents } from './contents.ts';
import { executableContents } from './executable-contents.ts';

export interface Verification {
  /** Name of the function. */
  name: string;
  /** The folders and archives that were compared. */
  compared: string[];
  /** Number of files that the manifest lists. */
  files: number;
  /** Empty if the artifact is unchanged since packing. */
  differences: Difference[];
}

/**
 * Compares a packed artifact with its manifest, file by file: the folders of `coldpress pack`, its archives, a
 * `function.zip`, or an executable, which is not run.
 * @throws ColdpressError ARTIFACT_NOT_FOUND, ARTIFACT_INVALID
 */
export async function verifyArtifact(path: string): Promise<Verification> {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() ? verifyFile(resolve(path)) : verifyFolder(path);
}

async function verifyFolder(path: string): Promise<Verification> {
  const { dir, manifest, functionDir, layerDir } = openArtifact(path);
  const { files, layer } = manifest;
  const compared = [folderContents(functionDir, FUNCTION_FOLDER)];
  const differences = await compareFiles(compared[0]!, files, { hasManifest: true });
  if (existsSync(join(dir, FUNCTION_ZIP))) {
    const zip = zipContents(join(dir, FUNCTION_ZIP), FUNCTION_ZIP);
    compared.push(zip);
    differences.push(
      ...(await compareFiles(zip, files, { hasManifest: true })),
      ...sameManifest(zip, manifest),
    );
  }
  if (layer !== undefined) {
    const parts = [
      ...(layerDir === undefined ? [] : [folderContents(layerDir, LAYER_FOLDER)]),
      ...(existsSync(join(dir, LAYER_ZIP)) ? [zipContents(join(dir, LAYER_ZIP), LAYER_ZIP)] : []),
    ];
    compared.push(...parts);
    for (const part of parts) {
      differences.push(...(await compareFiles(part, layer.files)));
    }
  }
  return summary(manifest, compared, differences);
}

async function verifyFile(path: string): Promise<Verification> {
  const zip = executableContents(path, basename(path)) ?? zipContents(path, basename(path));
  if (!zip.paths.includes(MANIFEST_FILE)) {
    throw new ColdpressError(
      'ARTIFACT_NOT_FOUND',
      `${path} contains no packed function: it has no ${MANIFEST_FILE}`,
      {
        hint: 'name the folder that coldpress pack wrote, its function.zip, or an executable; a layer is verified with the folder',
      },
    );
  }
  const manifest = readManifest(zip, path);
  return summary(manifest, [zip], await compareFiles(zip, manifest.files, { hasManifest: true }));
}

/** The archive is what is deployed, so its manifest must equal the folder's. */
function sameManifest(zip: Contents, manifest: Manifest): Difference[] {
  const place = `${zip.name}/${MANIFEST_FILE}`;
  if (!zip.paths.includes(MANIFEST_FILE)) {
    return [{ kind: 'missing', path: place, expected: `${FUNCTION_FOLDER}/${MANIFEST_FILE}` }];
  }
  return isDeepStrictEqual(readManifest(zip, place), manifest)
    ? []
    : [{ kind: 'changed', path: place, expected: `${FUNCTION_FOLDER}/${MANIFEST_FILE}`, found: 'another' }];
}

/** @throws ColdpressError ARTIFACT_INVALID */
function readManifest(contents: Contents, path: string): Manifest {
  try {
    return parseArtifactManifest(Buffer.from(contents.read(MANIFEST_FILE)).toString());
  } catch (cause) {
    throw new ColdpressError('ARTIFACT_INVALID', `${path} cannot be read: ${(cause as Error).message}`, {
      hint: 'pack the model again',
      cause,
    });
  }
}

function summary(
  { name, files, layer }: Manifest,
  compared: Contents[],
  differences: Difference[],
): Verification {
  return {
    name,
    compared: compared.map(contents => contents.name),
    files: files.length + (layer?.files.length ?? 0),
    differences,
  };
}
