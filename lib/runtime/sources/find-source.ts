import { loadChunk } from '../platform/load-chunk.ts';
import { direct } from './direct.ts';
import { httpAlb } from './http-alb.ts';
import { httpLattice } from './http-lattice.ts';
import { httpV1 } from './http-v1.ts';
import { httpV2 } from './http-v2.ts';
import type { Source } from './source.ts';

/** HTTP sources, the most specific first. */
// biome-ignore lint/suspicious/noExplicitAny: a table of sources, each with its own type of event
const httpSources: Source<any>[] = [httpV2, httpAlb, httpV1, httpLattice];

/**
 * Top-level fields of other services' events; each event has at least one. A user's record with one of them is examined
 * more closely, which loads one small file.
 */
const marks =
  ' Records detail-type coldpress eventSource invocationId invocationSchemaVersion raw_path requestContext httpMethod awslogs ' +
  'triggerSource datasetRecords configRuleName Details bot actionGroup xAmzRequestId RequestType identity ' +
  'arguments authorizationToken routeArn methodArn CodePipeline.job clickType signatureVerified ' +
  'claimCertificateId ClientRequestToken connection-id alarmData widgetContext LifecycleEventHookExecutionId ' +
  'session header directive labelingJobArn InvocationMetadata serverId fragment external_function CallDetails ' +
  'requestPayload Cause jobQueue flowDirection ';

/**
 * Returns the source of an AWS event: the first that recognises it, or `direct`, which accepts any event.
 * @param event - any JSON value, including `null`
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

/** Whether an event has one of the marks. A pipe delivers its records as an array. */
function isMarked(event: unknown): boolean {
  const first = Array.isArray(event) ? event[0] : event;
  return typeof first === 'object' && first !== null && Object.keys(first).some(isMark);
}

function isMark(key: string): boolean {
  return marks.includes(` ${key} `);
}
