import { type Artifact, openArtifact } from '../artifact.ts';
import type { Architecture } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { isLambdaImage } from './image-layout.ts';

/** One image to build: an artifact and a CPU. */
export interface ImagePlan {
  artifact: Artifact;
  architecture: Architecture;
}

export interface PlanOptions {
  /** Builds for this CPU only. */
  architecture?: Architecture | undefined;
  snapStart?: boolean | undefined;
}

/**
 * Resolves artifacts to images, one per CPU; an artifact that runs on any CPU becomes an image for each.
 * @throws ColdpressError ARTIFACT_NOT_FOUND, ARTIFACT_INVALID, ARTIFACT_TARGET, ARTIFACT_PACKAGE, OPTION_CONFLICT
 */
export function planImages(
  dirs: readonly string[],
  { architecture, snapStart }: PlanOptions = {},
): ImagePlan[] {
  const plans = dirs.flatMap(dir => {
    const artifact = openImageArtifact(dir);
    if (snapStart && !isLambdaImage(artifact.manifest)) {
      throw new ColdpressError('OPTION_CONFLICT', `--snap-start does not go with ${dir}: it is a server`, {
        hint: 'SnapStart is for AWS Lambda: pack with --target aws-lambda --package image',
      });
    }
    const packed = artifact.manifest.architecture;
    const all: Architecture[] = packed === 'any' ? ['x64', 'arm64'] : [packed];
    if (isLambdaImage(artifact.manifest) && architecture === undefined && packed === 'any') {
      // Lambda does not accept an index; arm64 is its default here.
      return [{ artifact, architecture: 'arm64' as const }];
    }
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
  if (plans.length > 1 && isLambdaImage(first!.artifact.manifest)) {
    throw new ColdpressError(
      'OPTION_CONFLICT',
      'AWS Lambda needs an image for one CPU, but several artifacts were passed',
      {
        hint: 'build and push an image for each, with a tag of its own',
      },
    );
  }
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

function openImageArtifact(dir: string): Artifact {
  const artifact = openArtifact(dir);
  const { target } = artifact.manifest;
  if (target === 'aws-lambda' && !isLambdaImage(artifact.manifest)) {
    throw new ColdpressError('ARTIFACT_PACKAGE', `${dir} was packed as zip archives for AWS Lambda`, {
      hint: 'pack it again with --package image, or with --target container',
    });
  }
  return target === 'gcf' ? openArtifact(dir, { target: 'container' }) : artifact;
}
