import type { v2 as functions } from '@google-cloud/functions';
import type { v2 as run } from '@google-cloud/run';
import { clientMissing } from '../client-missing.ts';
import { explain } from './explain.ts';
import type { ResolvedPlace } from './place.ts';

/** Google's client of Cloud Functions, over REST. @throws ColdpressError CLIENT_MISSING, GCP_UNAUTHENTICATED */
export async function functionsClient(place: ResolvedPlace): Promise<functions.FunctionServiceClient> {
  const { v2 } = await import('@google-cloud/functions').catch(clientMissing('@google-cloud/functions'));
  return ready(new v2.FunctionServiceClient(clientOptions(place)), place);
}

export interface RunClients {
  services: run.ServicesClient;
  revisions: run.RevisionsClient;
}

/** Google's clients of Cloud Run, over REST. @throws ColdpressError CLIENT_MISSING, GCP_UNAUTHENTICATED */
export async function runClients(place: ResolvedPlace): Promise<RunClients> {
  const { v2 } = await import('@google-cloud/run').catch(clientMissing('@google-cloud/run'));
  const options = clientOptions(place);
  return {
    services: await ready(new v2.ServicesClient(options), place),
    revisions: await ready(new v2.RevisionsClient(options), place),
  };
}

/**
 * Finds the credentials. A method would do so by itself, and where there are none leave a rejection behind that nobody
 * can handle and that ends the process.
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

/** Google's client of Cloud Run jobs, over REST. @throws ColdpressError CLIENT_MISSING */
export async function jobsClient(place: ResolvedPlace): Promise<run.JobsClient> {
  const { v2 } = await import('@google-cloud/run').catch(clientMissing('@google-cloud/run'));
  return new v2.JobsClient(clientOptions(place));
}

/** Application default credentials, but for a server without TLS, which gets none to keep. */
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
    // The client takes it from nowhere but here.
    port: Number(port) || (isPlain ? 80 : 443),
    protocol: protocol.slice(0, -1),
    ...(isPlain && { apiKey: 'local' }),
  };
}
