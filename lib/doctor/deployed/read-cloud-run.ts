import { runClients } from '../../gcp/clients.ts';
import { ownContainer, viewContainer } from '../../gcp/cloud-run/container.ts';
import { explain } from '../../gcp/explain.ts';
import { servicePath } from '../../gcp/function-resource.ts';
import type { ResolvedPlace } from '../../gcp/place.ts';
import { parseMemory } from '../../gcp/service-config.ts';
import { servingRevisions, shortName } from '../../gcp/traffic.ts';
import type { Deployed } from './deployed.ts';
import { changedAt } from './read-gcf.ts';

/**
 * Reads the revision of a Cloud Run service that receives the most traffic.
 * @throws ColdpressError CLIENT_MISSING, GCP_…
 */
export async function readCloudRun(place: ResolvedPlace): Promise<Deployed> {
  const run = await runClients(place);
  const service = servicePath(place);
  try {
    const [found] = await run.services.getService({ name: service });
    const [serving = shortName(found.latestReadyRevision), ...others] = servingRevisions(found);
    const [revision] = await run.revisions.getRevision({ name: `${service}/revisions/${serving}` });
    const { image, memory, env, secrets } = viewContainer(ownContainer(revision.containers));
    const digest = image?.split('@')[1];
    const memoryMb = parseMemory(memory);
    return {
      subject: `${place.name}, revision ${serving} on Cloud Run`,
      ...changedAt(revision.createTime),
      code: { kind: 'image', name: image ?? '', ...(digest !== undefined && { digest }) },
      layers: [],
      settings: {
        architecture: 'x64',
        ...(memoryMb !== undefined && { memoryMb }),
        environment: [...Object.keys(env), ...Object.keys(secrets)],
      },
      notChecked:
        others.length === 0
          ? []
          : [{ where: place.name, what: others.join(', '), why: 'they receive less traffic' }],
    };
  } catch (error) {
    throw explain(error, place, `${service} cannot be read`, 'run');
  } finally {
    await Promise.all([run.services.close(), run.revisions.close()]);
  }
}
