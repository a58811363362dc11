import type { v2 as functions } from '@google-cloud/functions';
import type { v2 as run } from '@google-cloud/run';
import { clientMissing } from '../client-missing.ts';
import type { ResolvedPlace } from './place.ts';

/** Google's client of Cloud Functions, over REST. @throws ColdpressError CLIENT_MISSING */
export async function functionsClient(place: ResolvedPlace): Promise<functions.FunctionServiceClient> {
  const { v2 } = await import('@google-cloud/functions').catch(clientMissing('@google-cloud/functions'));
  return new v2.FunctionServiceClient(clientOptions(place));
}

export interface RunClients {
  services: run.ServicesClient;
  revisions: run.RevisionsClient;
}

/** Google's clients of Cloud Run, over REST. @throws ColdpressError CLIENT_MISSING */
export async function runClients(place: ResolvedPlace): Promise<RunClients> {
  const { v2 } = await import('@google-cloud/run').catch(clientMissing('@google-cloud/run'));
  const options = clientOptions(place);
  return { services: new v2.ServicesClient(options), revisions: new v2.RevisionsClient(options) };
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
