import { loadChunk } from '../platform/load-chunk.ts';
import { direct } from './direct.ts';
import { httpAlb } from './http-alb.ts';
import { httpLattice } from './http-lattice.ts';
import { httpV1 } from './http-v1.ts';
import { httpV2 } from './http-v2.ts';
import type { Source } from './source.ts';

/** The most specific first. */
// biome-ignore lint/suspicious/noExplicitAny: a table of sources, each with its own type of event
const httpSources: Source<any>[] = [httpV2, httpAlb, httpV1, httpLattice];

/**
 * Fields that the events of other services have at their top, at least one in each. A record of the user's that has
 * one, too, is looked at more closely, which costs its instance one small file.
 */
const marks = new Set(
  (
    'Records detail-type coldpress eventSource invocationId invocationSchemaVersion raw_path requestContext httpMethod awslogs ' +
    'triggerSource datasetRecords configRuleName Details bot actionGroup xAmzRequestId RequestType identity ' +
    'arguments authorizationToken routeArn methodArn CodePipeline.job deviceEvent clickType signatureVerified ' +
    'claimCertificateId ClientRequestToken connection-id alarmData widgetContext LifecycleEventHookExecutionId ' +
    'session header directive labelingJobArn InvocationMetadata serverId fragment external_function CallDetails ' +
    'InboundHttpsEndpoint requestPayload Cause jobQueue CampaignId flowDirection'
  ).split(' '),
);

/**
 * The source of an event of AWS: the first that knows it, or `direct`, which takes any.
 * @param event - any JSON value: `null` is a payload, too
 */
// biome-ignore lint/suspicious/noExplicitAny: of which kind the event is, only its source knows
export async function findSource(event: unknown): Promise<Source<any>> {
  const http = httpSources.find(source => source.matches(event ?? {}));
  if (http !== undefined) {
    return http;
  }
  if (!isMarked(event)) {
    return direct;
  }
  const { eventSources } = await loadChunk<typeof import('./events.ts')>('sources/events');
  return eventSources.find(source => source.matches(event as object)) ?? direct;
}

/** A pipe brings its records as an array. */
function isMarked(event: unknown): boolean {
  const first = Array.isArray(event) ? event[0] : event;
  return typeof first === 'object' && first !== null && Object.keys(first).some(key => marks.has(key));
}
