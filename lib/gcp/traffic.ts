import type { protos } from '@google-cloud/run';
import { ColdpressError } from '../errors.ts';
import type { RunClients } from './clients.ts';
import { type FollowOptions, follow } from './follow.ts';
import { servicePath } from './function-resource.ts';
import type { ResolvedPlace } from './place.ts';

type Service = protos.google.cloud.run.v2.IService;
type Target = protos.google.cloud.run.v2.ITrafficTarget;

const toRevision = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION';

export async function readService({ services }: RunClients, place: ResolvedPlace): Promise<Service> {
  const [service] = await services.getService({ name: servicePath(place) });
  return service;
}

/** Names of the revisions that receive traffic now, most traffic first. */
export function servingRevisions({ trafficStatuses, latestReadyRevision }: Service): string[] {
  const latest = shortName(latestReadyRevision);
  return (trafficStatuses ?? [])
    .filter(({ percent }) => (percent ?? 0) > 0)
    .sort((a, b) => (b.percent ?? 0) - (a.percent ?? 0))
    .map(({ revision }) => revision || latest);
}

/** Names the revisions that receive traffic now, so that a new one receives none. Tags are kept. */
export async function pinTraffic(
  run: RunClients,
  place: ResolvedPlace,
  options: FollowOptions,
): Promise<void> {
  const service = await readService(run, place);
  await setTraffic(run, service, { ...options, traffic: pinnedTraffic(service) });
}

/** The current traffic, with every revision named. */
export function pinnedTraffic({ trafficStatuses, latestReadyRevision }: Service): Target[] {
  const latest = shortName(latestReadyRevision);
  return (trafficStatuses ?? []).map(({ revision, percent, tag }) => ({
    type: toRevision,
    revision: revision || latest,
    percent: percent ?? 0,
    ...(tag && { tag }),
  }));
}

/**
 * Tags the latest revision. The traffic is unchanged.
 * @returns the URL of the tag
 */
export async function tagLatest(
  run: RunClients,
  place: ResolvedPlace,
  { tag, takesTraffic, ...options }: FollowOptions & { tag: string; takesTraffic: boolean },
): Promise<string> {
  const service = await readService(run, place);
  const revision = shortName(service.latestReadyRevision);
  const others = (service.traffic ?? []).filter(target => target.tag !== tag);
  const own: Target = { type: toRevision, revision, percent: 0, tag };
  const rest: Target[] = takesTraffic ? [{ type: toRevision, revision, percent: 100 }] : others;
  const updated = await setTraffic(run, service, { ...options, traffic: [...rest, own] });
  return updated.trafficStatuses?.find(status => status.tag === tag)?.uri ?? '';
}

/**
 * Sends all traffic to one revision. Tags are kept.
 * @returns the revision's name
 */
export async function sendAllTo(
  run: RunClients,
  service: Service,
  { revision, ...options }: FollowOptions & { revision: string },
): Promise<void> {
  const tags = (service.traffic ?? []).filter(({ tag }) => tag).map(target => ({ ...target, percent: 0 }));
  const traffic = [{ type: toRevision, revision, percent: 100 } as const, ...tags];
  await setTraffic(run, service, { ...options, traffic });
}

async function setTraffic(
  { services }: RunClients,
  service: Service,
  { traffic, ...options }: FollowOptions & { traffic: Target[] },
): Promise<Service> {
  if (traffic.length === 0) {
    throw new ColdpressError('TRAFFIC_UNKNOWN', `${service.name} has no traffic to keep`, {
      hint: 'deploy it once without --no-traffic',
    });
  }
  const { name, etag } = service;
  // Because of the etag, Google rejects this if somebody else has changed the service in the meantime.
  const changed = { name: name!, traffic, ...(etag && { etag }) };
  const [operation] = await services.updateService({ service: changed, updateMask: { paths: ['traffic'] } });
  return follow<Service>(operation, options);
}

/** Returns R of `projects/P/locations/L/services/S/revisions/R`. */
export function shortName(path: string | null | undefined): string {
  return path?.split('/').at(-1) ?? '';
}
