import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Construct } from 'constructs';
import { type Artifact, archivesOf, openArtifact } from '../artifact.ts';
import { runsOn } from '../contract/manifest.ts';
import { cacheRoot } from '../pack/cache.ts';
import type { PackReport } from '../pack/pack-report.ts';
import { errorAt, type Problem } from './error-at.ts';
import type { OnnxFunctionProps } from './function-props.ts';
import { explainAt, openPacked } from './open-packed.ts';
import { packAtSynth } from './pack/pack-at-synth.ts';
import { type Listed, PACK_LIST, type PackRequest } from './pack/request.ts';
import { topStack } from './top-stack.ts';

/** An artifact, and what packing found out, if it was packed just now or at an earlier synthesis. */
export interface ResolvedArtifact extends Artifact {
  report?: PackReport;
}

/**
 * Returns the artifact of a function: `artifact` if it is set, otherwise the packed model. `undefined` for a stack that
 * this command does not synthesize, as with `cdk deploy Other` or `cdk destroy`.
 * @throws ColdpressError with the construct's path
 */
export function resolveArtifact(
  scope: Construct,
  id: string,
  props: OnnxFunctionProps,
): ResolvedArtifact | undefined {
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
  if (packed.manifest.package !== 'image') {
    explainAt(scope, id, () => archivesOf(packed));
  }
  return packed;
}

/** Returns `undefined` while `coldpress pack --all` only lists the models to pack. */
function packModel(scope: Construct, id: string, props: OnnxFunctionProps): ResolvedArtifact | undefined {
  const { model, score, samples, config, engine, architecture, runtime, packaging } = props;
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
      ...(engine !== undefined && { engine }),
      ...(packaging !== undefined && { package: packaging }),
      ...(runtime !== undefined && { runtime: runtime.name }),
    },
  };
  const list: string | undefined = scope.node.tryGetContext(PACK_LIST);
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
  const packed = explainAt(scope, id, () => openArtifact(result.dir));
  if (packed.manifest.target !== 'aws-lambda') {
    throw errorAt(scope, id, {
      code: 'ARTIFACT_TARGET',
      message: `the config packs for ${packed.manifest.target}, not for aws-lambda`,
      hint: "leave target out of the config, or write target: 'aws-lambda'",
    });
  }
  return { ...packed, report: result.report };
}

function mismatch(
  { dir, manifest }: Artifact,
  { architecture, runtime, packaging }: OnnxFunctionProps,
): Problem | undefined {
  const { package: packed = 'zip' } = manifest;
  if (packaging !== undefined && packaging !== packed) {
    return {
      code: 'ARTIFACT_PACKAGE',
      message: `${dir} was packed as ${packed}, the function is to be ${packaging}`,
      hint: `pack it again with --package ${packaging}, or leave "packaging" out`,
    };
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
