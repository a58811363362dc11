import type { protos } from '@google-cloud/run';
import { clientMissing } from '../../client-missing.ts';
import { ColdpressError } from '../../errors.ts';
import { type RunClients, runClients } from '../../gcp/clients.ts';
import { explain } from '../../gcp/explain.ts';
import { follow } from '../../gcp/follow.ts';
import { servicePath } from '../../gcp/function-resource.ts';
import type { ResolvedPlace } from '../../gcp/place.ts';
import { pinnedTraffic, readService } from '../../gcp/traffic.ts';

type Service = protos.google.cloud.run.v2.IService;
export type Target = protos.google.cloud.run.v2.ITrafficTarget;

/** The tag of the measured revisions, used for nothing else. */
const tag = 'coldpress-bench';
/** An environment variable; changing it creates a revision. */
const mark = 'COLDPRESS_BENCH';
const timeoutMs = 300_000;

/** A benchmark's operations on the service of a function on Google. Each throws errors as `explain` converts them. */
export interface DeployedService {
  /** The service's configured traffic. */
  traffic(): Promise<Target[]>;
  /** Creates a revision without traffic, and returns its URL and that of the service. */
  startRevision(value: string): Promise<{ url: string; serviceUrl: string }>;
  /** Removes the tag and the variable, and sets the traffic. */
  restore(traffic: readonly Target[]): Promise<void>;
  close(): Promise<void>;
}

export async function openService(place: ResolvedPlace): Promise<DeployedService> {
  const run: RunClients = await runClients(place);
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw explain(error, place, `${servicePath(place)} could not be measured`);
    }
  };
  const update = async (service: Service, change: Pick<Service, 'template' | 'traffic'>) => {
    const { name, etag } = service;
    const changed = { name: name!, ...change, ...(etag && { etag }) };
    const [operation] = await run.services.updateService({
      service: changed,
      updateMask: { paths: ['template', 'traffic'] },
    });
    return follow<Service>(operation, { timeoutMs, onProgress: () => {} });
  };
  return {
    traffic: () => attempt(async () => (await readService(run, place)).traffic ?? []),
    startRevision: value =>
      attempt(async () => {
        const service = await readService(run, place);
        const rest = pinnedTraffic(service).filter(target => target.tag !== tag);
        const own: Target = { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 0, tag };
        const updated = await update(service, { template: marked(service, value), traffic: [...rest, own] });
        const url = updated.trafficStatuses?.find(status => status.tag === tag)?.uri ?? '';
        return { url, serviceUrl: updated.uri ?? '' };
      }),
    restore: traffic =>
      attempt(async () => {
        const service = await readService(run, place);
        await update(service, { template: marked(service, undefined), traffic: [...traffic] });
      }),
    close: async () => void (await Promise.all([run.services.close(), run.revisions.close()])),
  };
}

/** Returns the template with or without the variable; its next revision gets a new name. */
function marked({ template }: Service, value: string | undefined): NonNullable<Service['template']> {
  const { revision: _, ...rest } = template ?? {};
  const [first, ...others] = template?.containers ?? [];
  const env = (first?.env ?? []).filter(({ name }) => name !== mark);
  const container = { ...first, env: value === undefined ? env : [...env, { name: mark, value }] };
  return { ...rest, containers: [container, ...others] };
}

/**
 * The headers that a private function requires: an identity token of the application default credentials. Its audience
 * is the service's URL even if the request goes to a tag's URL:
 * https://cloud.google.com/run/docs/authenticating/service-to-service
 * @throws ColdpressError GCP_UNAUTHENTICATED
 */
export async function authorization(serviceUrl: string): Promise<Record<string, string>> {
  const { GoogleAuth } = await import('google-auth-library').catch(clientMissing('google-auth-library'));
  try {
    const client = await new GoogleAuth().getIdTokenClient(serviceUrl);
    const headers = await client.getRequestHeaders();
    return { authorization: headers.get('authorization') ?? '' };
  } catch (cause) {
    const message = `no identity token for ${serviceUrl}: ${(cause as Error).message}`;
    throw new ColdpressError('GCP_UNAUTHENTICATED', message, {
      hint: 'gcloud auth application-default login, or the key or the metadata server of a service account: workload identity federation makes none by itself',
      cause,
    });
  }
}
