import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Construct } from 'constructs';
import { missingArchive } from '../aws/missing-archive.ts';
import { FUNCTION_FOLDER } from '../contract/files.ts';
import { MANIFEST_FILE, parseManifest, runsOn } from '../contract/manifest.ts';
import { cacheRoot } from '../pack/cache.ts';
import { errorAt, type Problem } from './error-at.ts';
import type { OnnxFunctionProps } from './function-props.ts';
import { packAtSynth } from './pack/pack-at-synth.ts';
import { type Listed, PACK_LIST, type Packed, type PackRequest } from './pack/request.ts';
import { topStack } from './top-stack.ts';

/**
 * The artifact that a function is made of: the given one, or the model, packed. `undefined` for a stack that this
 * command does nothing with, as `cdk deploy Other` or `cdk destroy`.
 * @throws ColdpressError with the construct's path
 */
export function resolveArtifact(scope: Construct, id: string, props: OnnxFunctionProps): Packed | undefined {
  if (!topStack(scope).bundlingRequired) {
    return undefined;
  }
  const packed =
    props.artifact === undefined ? packModel(scope, id, props) : openPacked(scope, id, props.artifact);
  if (packed === undefined) {
    return undefined;
  }
  const problem = mismatch(packed, props);
  if (problem !== undefined) {
    throw errorAt(scope, id, problem);
  }
  return packed;
}

/** `undefined` while `coldpress pack --all` only asks what there is to pack. */
function packModel(scope: Construct, id: string, props: OnnxFunctionProps): Packed | undefined {
  const { model, score, samples, config, architecture, runtime } = props;
  const arch = architecture && (architecture.name === 'arm64' ? 'arm64' : 'x64');
  const request: PackRequest = {
    cwd: process.cwd(),
    cacheDir: resolve(cacheRoot(process.env)),
    ...(config !== undefined && { config }),
    overrides: {
      ...(model !== undefined && { model }),
      ...(score !== undefined && { score }),
      ...(samples !== undefined && { samples }),
      ...(arch !== undefined && { arch }),
      ...(runtime !== undefined && { runtime: runtime.name }),
    },
  };
  const list = process.env[PACK_LIST];
  if (list !== undefined) {
    appendFileSync(
      list,
      `${JSON.stringify({ path: `${scope.node.path}/${id}`, request } satisfies Listed)}\n`,
    );
    return undefined;
  }
  const result = packAtSynth(request);
  if (!result.ok) {
    throw errorAt(scope, id, result.problem);
  }
  return openPacked(scope, id, result.dir);
}

/** @throws ColdpressError ARTIFACT_NOT_FOUND, ARTIFACT_INVALID, with the construct's path */
export function openPacked(scope: Construct, id: string, artifact: string): Packed {
  const dir = resolve(artifact);
  const path = join(dir, FUNCTION_FOLDER, MANIFEST_FILE);
  if (!existsSync(path)) {
    throw errorAt(scope, id, {
      code: 'ARTIFACT_NOT_FOUND',
      message: `${dir} holds no packed function: ${path} is missing`,
      hint: `npx coldpress pack model.onnx --out ${artifact}; or give the construct the model itself`,
    });
  }
  try {
    return { dir, manifest: parseManifest(readFileSync(path, 'utf8')) };
  } catch (error) {
    const message = `${path} cannot be read: ${(error as Error).message}`;
    throw errorAt(scope, id, { code: 'ARTIFACT_INVALID', message, hint: 'pack it again' });
  }
}

function mismatch(
  { dir, manifest }: Packed,
  { artifact, architecture, runtime }: OnnxFunctionProps,
): Problem | undefined {
  const isArtifact = artifact !== undefined;
  if (manifest.target !== 'aws-lambda') {
    return {
      code: 'ARTIFACT_TARGET',
      message: `${dir} was packed for ${manifest.target}, not for aws-lambda`,
      hint: isArtifact
        ? 'pack it again with --target aws-lambda'
        : "leave target out of the config, or write target: 'aws-lambda'",
    };
  }
  const missing = missingArchive(dir, manifest);
  if (missing !== undefined) {
    const message = `${dir} cannot be deployed: ${missing} is missing`;
    return { code: 'ARTIFACT_INVALID', message, hint: 'pack it again' };
  }
  const wanted = architecture && (architecture.name === 'arm64' ? 'arm64' : 'x64');
  if (wanted !== undefined && !runsOn(manifest.architecture, wanted)) {
    return {
      code: 'ARTIFACT_ARCHITECTURE',
      message: `${dir} was packed for ${manifest.architecture}, the function is ${wanted}`,
      hint: `pack it again with --arch ${wanted}, or leave "architecture" out`,
    };
  }
  if (runtime !== undefined && runtime.name !== manifest.runtime) {
    return {
      code: 'ARTIFACT_RUNTIME',
      message: `${dir} was packed for ${manifest.runtime}, the function is ${runtime.name}`,
      hint: `pack it again with --runtime ${runtime.name}, or leave "runtime" out`,
    };
  }
  return undefined;
}
