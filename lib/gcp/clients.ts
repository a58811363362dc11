import type { v2 as functions } from '@google-cloud/functions';
import type { v2 as run } from '@google-cloud/run';
import { clientMissing } from '../client-missing.ts';
import { explain } from './explain.ts';
import type { ResolvedPlace } from './place.ts';

/** Opens Google's Cloud Functions client, over REST. @throws ColdpressError CLIENT_MISSING, GCP_UNAUTHENTICATED */
export async function functionsClient(place: ResolvedPlace): Promise<functions.FunctionServiceClient> {
  const { v2 } = await import('@google-cloud/functions').catch(clientMissing('@google-cloud/functions'));
  return ready(new v2.FunctionServiceClient(clientOptions(place)), place);
}

export interface RunClients {
  services: run.ServicesClient;
  revisions: run.RevisionsClient;
}

/** Opens Google's Cloud Run clients, over REST. @throws ColdpressError CLIENT_MISSING, GCP_UNAUTHENTICATED */
export async function runClients(place: ResolvedPlace): Promise<RunClients> {
  const { v2 } = await import('@google-cloud/run').catch(clientMissing('@google-cloud/run'));
  const options = clientOptions(place);
  return {
    services: await ready(new v2.ServicesClient(options), place),
    revisions: await ready(new v2.RevisionsClient(options), place),
  };
}

/**
 * Finds the credentials before the first call. A method would do so itself, but without credentials it also causes an
 * unhandled rejection, which ends the process.
 */
async function ready<Client extends { initialize(): Promise<unknown> }>(
  client: Client,
  place: ResolvedPlace,
): Promise<Client> {
  try {
    await client.initialize();
    return client;
  } catch (error) {
    throw explain(error, place, 'nothing was sent to Google');
  }
}

/** Opens Google's Cloud Run jobs client, over REST. @throws ColdpressError CLIENT_MISSING */
export async function jobsClient(place: ResolvedPlace): Promise<run.JobsClient> {
  const { v2 } = await import('@google-cloud/run').catch(clientMissing('@google-cloud/run'));
  return new v2.JobsClient(clientOptions(place));
}

/** Application default credentials, except for a server without TLS, which gets a dummy API key. */
function clientOptions({ project, endpoint }: ResolvedPlace) {
  if (endpoint === undefined) {
    return { fallback: true, projectId: project };
  }
  const { protocol, hostname, port } = endpoint;
  const isPlain = protocol === 'http:';
  return {
    fallback: true,
    projectId: project,
    apiEndpoint: hostname,
    // The client reads the port only from this option.
    port: Number(port) || (isPlain ? 80 : 443),
    protocol: protocol.slice(0, -1),
    ...(isPlain && { apiKey: 'local' }),
  };
}
