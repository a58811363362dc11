import type { protos } from '@google-cloud/functions';
import type { ResolvedPlace } from './place.ts';

/** https://cloud.google.com/functions/docs/reference/rest/v2/projects.locations.functions */
export type FunctionResource = protos.google.cloud.functions.v2.IFunction;

export function locationPath({ project, region }: ResolvedPlace): string {
  return `projects/${project}/locations/${region}`;
}

export function functionPath(place: ResolvedPlace): string {
  return `${locationPath(place)}/functions/${place.name}`;
}

export function servicePath(place: ResolvedPlace): string {
  return `${locationPath(place)}/services/${place.name}`;
}

export function jobPath(place: ResolvedPlace): string {
  return `${locationPath(place)}/jobs/${place.name}`;
}

/** The resource with the uploaded source. */
export function withSource(
  { buildConfig, ...resource }: FunctionResource,
  storageSource: protos.google.cloud.functions.v2.IStorageSource,
): FunctionResource {
  return { ...resource, buildConfig: { ...buildConfig, source: { storageSource } } };
}
