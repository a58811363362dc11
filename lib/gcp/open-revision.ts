import type { RunClients } from './clients.ts';
import type { FollowOptions } from './follow.ts';
import { allowInvoker, everyone } from './invoker.ts';
import type { ResolvedPlace } from './place.ts';
import { tagLatest } from './traffic.ts';

interface Access extends ResolvedPlace {
  allowUnauthenticated: boolean;
  tag?: string | undefined;
}

/**
 * Public access and the tag of a revision that was just deployed: neither is part of the request that deploys it.
 * @returns the URL of the tag, if there is one
 */
export async function openRevision(
  run: RunClients,
  plan: Access,
  { takesTraffic, ...options }: FollowOptions & { takesTraffic: boolean },
): Promise<string | undefined> {
  if (plan.allowUnauthenticated) {
    options.onProgress('allowing everyone to call it');
    await allowInvoker(run.services, plan, everyone);
  }
  if (plan.tag === undefined) {
    return undefined;
  }
  options.onProgress(`tagging the revision "${plan.tag}"`);
  return tagLatest(run, plan, { ...options, tag: plan.tag, takesTraffic });
}
