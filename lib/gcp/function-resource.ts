import type { protos } from '@google-cloud/functions';
import { heapLimitMb } from '../targets/gcf/memory.ts';
import { type DeployPlan, ingressSettings } from './options.ts';
import type { ResolvedPlace } from './place.ts';

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

/** Which of the artifact's two entries is called. */
export function entryPoint({ trigger }: DeployPlan): string {
  return trigger.kind === 'http' ? 'http' : 'event';
}

/** No script is run when the source is built: there is nothing to build. */
export const buildVariables = { GOOGLE_NODE_RUN_SCRIPTS: '' };

/**
 * The environment that the function must have. The buildpack puts its own limit of V8's heap before what is in
 * NODE_OPTIONS, and of two V8 takes the later.
 */
export function serviceVariables({ manifest, memoryMb }: DeployPlan): Record<string, string> {
  return { NODE_OPTIONS: `--max-old-space-size=${heapLimitMb(manifest, memoryMb)}` };
}

/**
 * The function as the API takes it.
 * https://cloud.google.com/functions/docs/reference/rest/v2/projects.locations.functions
 * @param current - the function as it is, whose other variables stay
 */
export function functionResource(
  plan: DeployPlan,
  source: protos.google.cloud.functions.v2.IStorageSource,
  current: FunctionResource | undefined,
): FunctionResource {
  return {
    name: functionPath(plan),
    environment: 'GEN_2',
    buildConfig: {
      runtime: plan.manifest.runtime,
      entryPoint: entryPoint(plan),
      source: { storageSource: source },
      environmentVariables: { ...current?.buildConfig?.environmentVariables, ...buildVariables },
    },
    serviceConfig: {
      availableMemory: `${plan.memoryMb}Mi`,
      availableCpu: String(plan.cpu),
      timeoutSeconds: plan.timeoutSeconds,
      maxInstanceRequestConcurrency: plan.concurrency,
      minInstanceCount: plan.minInstances,
      ingressSettings: ingressSettings[plan.ingress],
      environmentVariables: { ...current?.serviceConfig?.environmentVariables, ...serviceVariables(plan) },
      allTrafficOnLatestRevision: plan.traffic,
    },
    ...eventTrigger(plan),
  };
}

/** https://cloud.google.com/eventarc/docs/cloudevents; a failed event is brought again, as the sinks count on. */
function eventTrigger({ trigger, project, region }: DeployPlan): Pick<FunctionResource, 'eventTrigger'> {
  const common = { triggerRegion: region, retryPolicy: 'RETRY_POLICY_RETRY' } as const;
  switch (trigger.kind) {
    case 'http':
      return {};
    case 'pubsub':
      return {
        eventTrigger: {
          ...common,
          eventType: 'google.cloud.pubsub.topic.v1.messagePublished',
          pubsubTopic: `projects/${project}/topics/${trigger.topic}`,
        },
      };
    case 'gcs':
      return {
        eventTrigger: {
          ...common,
          eventType: 'google.cloud.storage.object.v1.finalized',
          eventFilters: [{ attribute: 'bucket', value: trigger.bucket }],
        },
      };
  }
}

/** What an update changes; everything else about the function stays as it is. */
export function updateMask(resource: FunctionResource): string[] {
  const service = Object.keys(resource.serviceConfig ?? {}).map(key => `service_config.${toSnake(key)}`);
  return ['build_config', ...service, ...(resource.eventTrigger ? ['event_trigger'] : [])];
}

function toSnake(name: string): string {
  return name.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
}
