import { type Artifact, openArtifact } from '../artifact.ts';
import type { Architecture } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';

/** One image to build: an artifact and a CPU. */
export interface ImagePlan {
  artifact: Artifact;
  architecture: Architecture;
}

/**
 * Resolves artifacts to images, one a CPU: those that run on any CPU become an image for each.
 * @param architecture - the only one to build for
 * @throws ColdpressError ARTIFACT_NOT_FOUND, ARTIFACT_INVALID, ARTIFACT_TARGET, OPTION_CONFLICT
 */
export function planImages(dirs: readonly string[], architecture: Architecture | undefined): ImagePlan[] {
  const plans = dirs.flatMap(dir => {
    const artifact = openArtifact(dir, { target: 'container' });
    const packed = artifact.manifest.architecture;
    const all: Architecture[] = packed === 'any' ? ['x64', 'arm64'] : [packed];
    if (architecture !== undefined && !all.includes(architecture)) {
      throw new ColdpressError(
        'OPTION_CONFLICT',
        `${dir} was packed for ${packed}, not for ${architecture}`,
        {
          hint: `pack it for the other CPU, too: npx coldpress pack … --target container --arch ${architecture} --out DIR`,
        },
      );
    }
    return (architecture === undefined ? all : [architecture]).map(each => ({
      artifact,
      architecture: each,
    }));
  });
  const [first] = plans;
  for (const [at, plan] of plans.entries()) {
    const earlier = plans.slice(0, at).find(other => other.architecture === plan.architecture);
    if (earlier !== undefined) {
      throw new ColdpressError(
        'OPTION_CONFLICT',
        `${earlier.artifact.dir} and ${plan.artifact.dir} are both for ${plan.architecture}`,
        { hint: 'an image has one artifact for each CPU' },
      );
    }
    const { model, name } = plan.artifact.manifest;
    if (model.sha256 !== first!.artifact.manifest.model.sha256) {
      throw new ColdpressError(
        'OPTION_CONFLICT',
        `${plan.artifact.dir} has another model, ${name}, than ${first!.artifact.dir}`,
        {
          hint: 'build an image for each model',
        },
      );
    }
  }
  return plans;
}
