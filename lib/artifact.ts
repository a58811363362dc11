import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { FUNCTION_FOLDER, FUNCTION_ZIP, LAYER_FOLDER, LAYER_ZIP } from './contract/files.ts';
import { MANIFEST_FILE, type Manifest, type PressedManifest, parseManifest } from './contract/manifest.ts';
import { ColdpressError } from './errors.ts';
import { parseArtifactManifest } from './parse-artifact-manifest.ts';
import { quote } from './shell-command.ts';
import { recoverFolder } from './swap-folder.ts';

/** An artifact that `coldpress pack` wrote. Paths are absolute. */
export interface Artifact {
  dir: string;
  manifest: Manifest;
  functionDir: string;
  /** Absent for an inline artifact, or if the layer's folder was removed. */
  layerDir?: string;
}

/**
 * Opens the artifact in `dir`. Synchronous, because CDK constructs open artifacts in their constructors.
 * @param options.target - the target that it must have been packed for (default: any)
 * @throws ColdpressError ARTIFACT_NOT_FOUND, ARTIFACT_INVALID, ARTIFACT_TARGET
 */
export function openArtifact(dir: string, { target }: { target?: Manifest['target'] } = {}): Artifact {
  const functionDir = join(resolve(dir), FUNCTION_FOLDER);
  const path = join(functionDir, MANIFEST_FILE);
  if (!existsSync(path) && !(recoverFolder(resolve(dir)) && existsSync(path))) {
    throw new ColdpressError('ARTIFACT_NOT_FOUND', `${dir} contains no packed function: ${path} is missing`, {
      hint: aboveHint(dir) ?? packHint(dir, target),
    });
  }
  const manifest = readManifest(path, dir);
  if (target !== undefined && manifest.target !== target) {
    throw new ColdpressError(
      'ARTIFACT_TARGET',
      `${dir} was packed for ${manifest.target}, not for ${target}`,
      // The artifact that is there stays.
      { hint: packHint(`${dir.replace(/\/+$/, '')}-${target}`, target) },
    );
  }
  const layerDir = join(resolve(dir), LAYER_FOLDER);
  return { dir: resolve(dir), manifest, functionDir, ...(existsSync(layerDir) ? { layerDir } : {}) };
}

/**
 * Opens the artifact to run its function. The model's files must be there; of other files the function itself says
 * which it lacks.
 * @throws ColdpressError ARTIFACT_NOT_FOUND, ARTIFACT_INVALID, ARTIFACT_TARGET
 */
export function openToRun(dir: string, target: Manifest['target']): Artifact {
  const artifact = openArtifact(dir, { target });
  const { functionDir, manifest } = artifact;
  const missing = manifest.files.find(
    ({ path }) => path.startsWith('model/') && !existsSync(join(functionDir, path)),
  );
  if (missing !== undefined) {
    const path = join(functionDir, missing.path);
    throw new ColdpressError('ARTIFACT_INVALID', `${dir} cannot run: ${path} is missing`, {
      hint: packHint(dir, target),
    });
  }
  return artifact;
}

/** @throws ColdpressError ARTIFACT_INVALID */
function readManifest(path: string, dir: string): Manifest {
  try {
    return parseArtifactManifest(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new ColdpressError('ARTIFACT_INVALID', `${path} cannot be read: ${(cause as Error).message}`, {
      hint: packHint(dir),
      cause,
    });
  }
}

/** The manifest of a pressed model, in the folder that pressing wrote. */
export function readPressed(dir: string): PressedManifest {
  return parseManifest<PressedManifest>(readFileSync(join(dir, MANIFEST_FILE), 'utf8'));
}

/**
 * Paths of the archives to deploy.
 * @throws ColdpressError ARTIFACT_INVALID if one is missing, ARTIFACT_PACKAGE if the artifact has none
 */
export function archivesOf({ dir, manifest }: Artifact): { functionZip: string; layerZip?: string } {
  if (manifest.package === 'image') {
    throw new ColdpressError('ARTIFACT_PACKAGE', `${dir} was packed as an image, and has no archives`, {
      hint: 'npx coldpress image builds and pushes it; or pack it again with --package zip',
    });
  }
  const functionZip = join(dir, FUNCTION_ZIP);
  const layerZip = manifest.layer === undefined ? undefined : join(dir, LAYER_ZIP);
  const missing = [functionZip, layerZip].find(path => path !== undefined && !existsSync(path));
  if (missing !== undefined) {
    throw new ColdpressError('ARTIFACT_INVALID', `${dir} cannot be deployed: ${missing} is missing`, {
      hint: packHint(dir),
    });
  }
  return { functionZip, ...(layerZip === undefined ? {} : { layerZip }) };
}

/** Somebody names a part of an artifact, such as its zip, in place of its folder. */
function aboveHint(dir: string): string | undefined {
  const above = dirname(resolve(dir));
  return existsSync(join(above, FUNCTION_FOLDER, MANIFEST_FILE))
    ? `name the folder that contains it: ${quote(relative(process.cwd(), above) || '.')}`
    : undefined;
}

function packHint(dir: string, target?: Manifest['target']): string {
  const flag = target === undefined || target === 'aws-lambda' ? '' : ` --target ${target}`;
  const isFile = statSync(dir, { throwIfNoEntry: false })?.isFile() === true;
  const [model, out] = isFile ? [dir, 'build'] : [hasConfig() ? undefined : 'model.onnx', dir];
  const parts = [
    ...(model === undefined ? [] : [` ${quote(model)}`]),
    flag,
    ...(out === 'build' ? [] : [` --out ${quote(out)}`]),
  ];
  return `pack it: npx coldpress pack${parts.join('')}`;
}

/** Whether the working folder is a project, whose config names the model. */
function hasConfig(): boolean {
  return readdirSync('.').some(name => /^coldpress\.config\.(ts|mts|mjs|js|cjs)$/.test(name));
}
