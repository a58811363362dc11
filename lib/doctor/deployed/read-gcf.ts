import { functionsClient } from '../../gcp/clients.ts';
import { explain } from '../../gcp/explain.ts';
import { functionPath } from '../../gcp/function-resource.ts';
import type { ResolvedPlace } from '../../gcp/place.ts';
import { parseMemory } from '../../gcp/service-config.ts';
import type { Deployed } from './deployed.ts';
import { download } from './download.ts';

/** Reads a Google Cloud function. @throws ColdpressError CLIENT_MISSING, GCP_… */
export async function readGcf(place: ResolvedPlace): Promise<Deployed> {
  const functions = await functionsClient(place);
  const name = functionPath(place);
  try {
    const [found] = await functions.getFunction({ name });
    // The signed URL is valid for 30 minutes, and the client is closed before it is used.
    const [{ downloadUrl }] = await functions.generateDownloadUrl({ name });
    const { buildConfig, serviceConfig } = found;
    const memoryMb = parseMemory(serviceConfig?.availableMemory);
    const revision = serviceConfig?.revision;
    return {
      subject: `${place.name}, ${revision ? `revision ${revision} ` : ''}on Google Cloud`,
      ...changedAt(found.updateTime),
      code: { kind: 'zip', name: 'the source', download: () => download(downloadUrl, 'the source') },
      layers: [],
      settings: {
        ...(buildConfig?.runtime && { runtime: buildConfig.runtime }),
        architecture: 'x64',
        ...(memoryMb !== undefined && { memoryMb }),
        environment: [
          ...Object.keys(serviceConfig?.environmentVariables ?? {}),
          ...(serviceConfig?.secretEnvironmentVariables ?? []).flatMap(({ key }) => key ?? []),
        ],
      },
      notChecked:
        serviceConfig?.allTrafficOnLatestRevision === false
          ? [
              {
                where: place.name,
                what: 'earlier revisions',
                why: 'only the newest is read, but it does not receive all traffic',
              },
            ]
          : [],
    };
  } catch (error) {
    throw explain(error, place, `${name} cannot be read`);
  } finally {
    await functions.close();
  }
}

/** A time of Google's clients: seconds since 1970, as a number, a text or a Long. */
export function changedAt(
  time: { seconds?: unknown } | null | undefined,
): Pick<Deployed, 'changed'> | undefined {
  const seconds = Number(time?.seconds ?? 0);
  return seconds === 0 ? undefined : { changed: new Date(1000 * seconds).toISOString() };
}
