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
  /** `--no-push`: the registry has the image already. */
  push?: boolean;
  dryRun?: true;
}

/** What a deployment runs, and whether it was made for it. */
export interface DeployImage {
  image: string;
  /** Of an image that was built, or would be pushed, by this command. */
  note?: string;
}

/** The image that a deployment names: `--image`, or the one that was last pushed of the artifact. */
export function namedImage(dir: string, { image }: DeployImageFlags): string | undefined {
  return image ?? readPushed(dir);
}

/**
 * The image to deploy: one that is named by its digest is deployed as it is; one that is named by a tag is built of the
 * artifact and pushed under it.
 * @param named - what `namedImage` returns
 * @throws ColdpressError OPTION_CONFLICT, and what building and pushing throw
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
