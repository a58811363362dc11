import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FUNCTION_FOLDER, LAYER_FOLDER } from '../contract/files.ts';
import { MANIFEST_FILE, type Manifest, parseManifest } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';

export interface Artifact {
  manifest: Manifest;
  functionDir: string;
  /** Absent for an inline artifact, or where the layer's folder was taken away. */
  layerDir?: string;
}

const packHint = 'Pack one first: npx coldpress pack model.onnx --out DIR';

/**
 * Opens what `coldpress pack` wrote to `dir` for Lambda.
 * @throws ColdpressError `ARTIFACT_NOT_FOUND`, `ARTIFACT_INVALID` or `ARTIFACT_TARGET`
 */
export async function openArtifact(dir: string): Promise<Artifact> {
  const artifact = await readArtifact(dir);
  const { target } = artifact.manifest;
  if (target !== 'aws-lambda') {
    throw new ColdpressError(
      'ARTIFACT_TARGET',
      `${dir} was packed for ${target}; the local Lambda runs aws-lambda`,
      { hint: 'Pack it again with --target aws-lambda.' },
    );
  }
  return artifact;
}

/**
 * Opens what `coldpress pack` wrote to `dir`, for whichever target.
 * @throws ColdpressError `ARTIFACT_NOT_FOUND` or `ARTIFACT_INVALID`
 */
export async function readArtifact(dir: string): Promise<Artifact> {
  const functionDir = join(resolve(dir), FUNCTION_FOLDER);
  const manifestPath = join(functionDir, MANIFEST_FILE);
  if (!existsSync(manifestPath)) {
    throw new ColdpressError(
      'ARTIFACT_NOT_FOUND',
      `${dir} holds no packed function: ${manifestPath} is missing`,
      {
        hint: packHint,
      },
    );
  }
  const manifest = await readManifest(manifestPath);
  const layerDir = join(resolve(dir), LAYER_FOLDER);
  return { manifest, functionDir, ...(existsSync(layerDir) ? { layerDir } : {}) };
}

async function readManifest(path: string): Promise<Manifest> {
  try {
    return parseManifest(await readFile(path, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ColdpressError('ARTIFACT_INVALID', `${path} cannot be read: ${reason}`, {
      hint: packHint,
      cause,
    });
  }
}
