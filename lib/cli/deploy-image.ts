import { ColdpressError } from '../errors.ts';
import type { BuiltImage } from '../image/build.ts';
import { pushImage } from '../image/push.ts';
import { keepPushed, readPushed } from '../image/pushed.ts';
import { parseReference, type Reference } from '../image/reference.ts';
import { buildProjectImage } from './build-image.ts';
import { interruptible } from './interrupt.ts';
import { withProgress } from './progress.ts';

export interface DeployImageFlags {
  image?: string | undefined;
  base?: string | undefined;
  /** `--no-push`: the registry already has the image. */
  push?: boolean;
  dryRun?: true;
}

/** The image that a deployment runs, and whether it was built for it. */
export interface DeployImage {
  image: string;
  /** Describes an image that this command built, or would push. */
  note?: string;
}

/** The image for a deployment: `--image`, or the last image of the artifact that was pushed. */
export function namedImage(dir: string, { image }: DeployImageFlags): string | undefined {
  return image ?? readPushed(dir);
}

/**
 * The image to deploy. A name with a digest is deployed unchanged; under a name with a tag, an image of the artifact is
 * built and pushed.
 * @param named - the result of `namedImage`
 * @throws ColdpressError OPTION_CONFLICT, and the errors of building and pushing
 */
export async function imageToDeploy(
  dir: string,
  named: string,
  { base, push = true, dryRun }: DeployImageFlags,
): Promise<DeployImage> {
  const reference = parseReference(named, '--image');
  if (reference.digest !== undefined || !push) {
    if (base !== undefined) {
      throw new ColdpressError('OPTION_CONFLICT', `--base does not go with ${named}, which is not built`, {
        hint: 'leave --base out, or name a tag to push to',
      });
    }
    return { image: named };
  }
  return interruptible('interrupted; nothing half-pushed has a tag', signal =>
    withProgress(async onProgress => {
      const built = await buildProjectImage([dir], { base, arch: 'x64' }, { signal, onProgress });
      if (dryRun) {
        return toBe(built, reference);
      }
      const pushed = await pushImage(built, reference, { env: process.env, signal, onProgress });
      await keepPushed([dir], pushed);
      return { image: pushed.image, note: `pushed ${pushed.image}` };
    }),
  );
}

function toBe({ top }: BuiltImage, { registry, repository, tag }: Reference): DeployImage {
  const image = `${registry}/${repository}@${top.digest}`;
  return { image, note: `${image} would be pushed, as ${tag}` };
}
