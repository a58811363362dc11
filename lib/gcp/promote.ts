import { ColdpressError } from '../errors.ts';
import { type RunClients, runClients } from './clients.ts';
import { explain } from './explain.ts';
import type { FollowOptions } from './follow.ts';
import { servicePath } from './function-resource.ts';
import type { ResolvedPlace } from './place.ts';
import { readService, sendAllTo, servingRevisions, shortName } from './traffic.ts';

export interface Moved {
  service: string;
  /** The revision that received the most traffic before; `to` receives all of it now. */
  from: string;
  to: string;
}

/**
 * Sends all traffic to a tagged revision, or to the latest.
 * @throws ColdpressError TAG_UNKNOWN
 */
export function promote(
  place: ResolvedPlace,
  { tag, ...options }: FollowOptions & { tag: string | undefined },
): Promise<Moved> {
  return move(place, options, async (_, service) => {
    if (tag === undefined) {
      return shortName(service.latestReadyRevision);
    }
    const target = service.trafficStatuses?.find(status => status.tag === tag);
    if (target === undefined) {
      const tags = (service.trafficStatuses ?? []).flatMap(status => status.tag || []);
      throw new ColdpressError('TAG_UNKNOWN', `no revision has the tag "${tag}"`, {
        hint: tags.length === 0 ? 'there are none' : `there are: ${tags.join(', ')}`,
      });
    }
    return target.revision || shortName(service.latestReadyRevision);
  });
}

/**
 * Sends all traffic to a revision that is ready.
 * @param options.to - name of the revision. Default: the one before the revision that receives the traffic
 * @throws ColdpressError ROLLBACK_IMPOSSIBLE
 */
export function rollback(
  place: ResolvedPlace,
  { to, ...options }: FollowOptions & { to?: string | undefined },
): Promise<Moved> {
  return move(place, options, async (run, service) => {
    const [revisions] = await run.revisions.listRevisions({ parent: servicePath(place) });
    // Sorted by name, which contains a counter, because times only have a resolution of seconds.
    const ready = revisions
      .filter(({ conditions }) => conditions?.some(isReady) ?? false)
      .map(({ name }) => shortName(name))
      .sort();
    const [serving = ''] = servingRevisions(service);
    const before =
      to === undefined ? ready.filter(name => name < serving).at(-1) : ready.find(name => name === to);
    if (before === undefined) {
      const missing =
        to === undefined ? `no ready revision older than ${serving}` : `no ready revision ${to}`;
      throw new ColdpressError('ROLLBACK_IMPOSSIBLE', `${missing} exists`, {
        hint: `ready are: ${ready.join(', ') || 'none'}`,
      });
    }
    return before;
  });
}

type Choose = (run: RunClients, service: Awaited<ReturnType<typeof readService>>) => Promise<string>;

async function move(place: ResolvedPlace, options: FollowOptions, choose: Choose): Promise<Moved> {
  const run = await runClients(place);
  const name = servicePath(place);
  try {
    const service = await readService(run, place);
    const [from = ''] = servingRevisions(service);
    const to = await choose(run, service);
    options.onProgress(`sending all traffic to ${to}`);
    await sendAllTo(run, service, { ...options, revision: to });
    return { service: name, from, to };
  } catch (error) {
    throw explain(error, place, `the traffic of ${name} was not changed`);
  } finally {
    await Promise.all([run.services.close(), run.revisions.close()]);
  }
}

/** The enum has its name or its number: `CONDITION_SUCCEEDED` is 4. */
function isReady({ type, state }: { type?: string | null; state?: unknown }): boolean {
  return type === 'Ready' && (state === 'CONDITION_SUCCEEDED' || state === 4);
}
