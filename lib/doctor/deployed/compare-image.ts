import type { Artifact } from '../../artifact.ts';
import { ColdpressError } from '../../errors.ts';
import { ownLabels } from '../../image/labels.ts';
import { readPushed } from '../../image/pushed.ts';
import { readLabels } from '../../image/read-labels.ts';
import type { NotChecked } from '../checked.ts';
import type { ComparedBytes } from './compare-archive.ts';
import { type CodeFacts, factsOf } from './facts.ts';

/**
 * Compares a deployed image with the one that was pushed of the artifact, by digest. If they differ, the labels of the
 * deployed image name its model.
 */
export async function compareImage(
  { dir, manifest }: Artifact,
  { name, digest }: { name: string; digest?: string },
  env: NodeJS.ProcessEnv,
): Promise<{ code?: ComparedBytes; facts: CodeFacts; notChecked: NotChecked[] }> {
  const pushed = readPushed(dir)?.split('@')[1];
  if (pushed !== undefined && digest === pushed) {
    return {
      code: { deployed: digest, artifact: pushed, equal: true },
      facts: factsOf(manifest),
      notChecked: [],
    };
  }
  const known =
    pushed === undefined || digest === undefined
      ? { notChecked: [{ where: name, what: 'the digest of the image', why: whyUnknown(pushed) }] }
      : { code: { deployed: digest, artifact: pushed, equal: false }, notChecked: [] };
  try {
    const labels = await readLabels(byDigest(name, digest), { env, signal: new AbortController().signal });
    const { [ownLabels.model]: model, [ownLabels.coldpress]: coldpress } = labels;
    return {
      ...known,
      facts: { ...(model !== undefined && { model }), ...(coldpress !== undefined && { coldpress }) },
    };
  } catch (error) {
    if (!(error instanceof ColdpressError)) {
      throw error;
    }
    const labels = { where: name, what: 'the model of the image', why: error.message };
    return { ...known, facts: {}, notChecked: [...known.notChecked, labels] };
  }
}

function whyUnknown(pushed: string | undefined): string {
  return pushed === undefined
    ? 'the artifact has no image.json: coldpress image --push writes it'
    : 'the platform returns none for this tag';
}

function byDigest(name: string, digest: string | undefined): string {
  return digest === undefined || name.includes('@') ? name : `${name.replace(/:[\w.-]+$/, '')}@${digest}`;
}
