import { ColdpressError } from '../errors.ts';
import { leastCpu } from '../targets/gcf/limits.ts';
import { type Change, changesOf } from './changes.ts';
import { environmentNames } from './environment-names.ts';
import { type FunctionResource, functionPath } from './function-resource.ts';
import { checkLoops } from './loops.ts';
import { conflict, type DeployRequest } from './options.ts';
import { parseMemory, planService } from './service-config.ts';
import { showTrigger, toEventTrigger } from './trigger.ts';

/** A completed plan: from the options, then the function's current settings, then the defaults. */
export interface DeployPlan extends DeployRequest {
  exists: boolean;
  /** The function's new state; its source is the zip. */
  resource: FunctionResource;
  /** Changes of an existing function; the rest of its resource is unchanged. */
  changes: Change[];
  /** Whether the new revision receives the traffic. */
  traffic: boolean;
}

/** Disables build scripts: there is nothing to build. */
export const buildVariables = { GOOGLE_NODE_RUN_SCRIPTS: '' };

/**
 * Plans the new state of the function.
 * @param current - the existing function, if any
 * @throws ColdpressError OPTION_CONFLICT, ENV_MISSING, TRIGGER_LOOP
 */
export function planDeployment(request: DeployRequest, current: FunctionResource | undefined): DeployPlan {
  const { settings } = request;
  const eventTrigger =
    settings.trigger === undefined || showTrigger(current?.eventTrigger) === showRequestedTrigger(request)
      ? (current?.eventTrigger ?? undefined)
      : toEventTrigger(settings.trigger, request);
  const serviceConfig = planService(request, current?.serviceConfig ?? {});
  const labels = { ...current?.labels, ...settings.labels };
  const resource: FunctionResource = {
    name: functionPath(request),
    environment: 'GEN_2',
    buildConfig: {
      runtime: request.manifest.runtime,
      // The artifact has two entries.
      entryPoint: eventTrigger === undefined ? 'http' : 'event',
      environmentVariables: { ...current?.buildConfig?.environmentVariables, ...buildVariables },
    },
    serviceConfig,
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(eventTrigger && { eventTrigger }),
  };
  const plan = {
    ...request,
    exists: current !== undefined,
    resource,
    changes: current === undefined ? [] : changesOf(current, resource),
    traffic: serviceConfig.allTrafficOnLatestRevision ?? true,
  };
  checkPlan(plan);
  checkLoops(request, resource);
  return plan;
}

function showRequestedTrigger(request: DeployRequest): string | undefined {
  const { trigger } = request.settings;
  return trigger && showTrigger(toEventTrigger(trigger, request));
}

function checkPlan({
  resource,
  settings,
  tag,
  allowUnauthenticated,
  deadLetterTopic,
  manifest,
}: DeployPlan): void {
  const {
    availableMemory,
    availableCpu,
    maxInstanceRequestConcurrency: concurrency,
  } = resource.serviceConfig!;
  if (Number(availableCpu) < 1 && concurrency! > 1) {
    throw conflict(`--concurrency ${concurrency} needs a whole CPU, and the function has ${availableCpu}`);
  }
  const memoryMb = parseMemory(availableMemory) ?? 0;
  if (Number(availableCpu) >= 1 && Number(availableCpu) < leastCpu(memoryMb)) {
    throw conflict(
      `${availableMemory} of memory need --cpu ${leastCpu(memoryMb)}, and --cpu is ${availableCpu}`,
    );
  }
  const isHttp = !resource.eventTrigger;
  if (!isHttp && (settings.traffic === false || tag !== undefined || allowUnauthenticated)) {
    throw conflict(
      `--no-traffic, --tag and --allow-unauthenticated are for --trigger http, and this is ${showTrigger(resource.eventTrigger)}`,
    );
  }
  if (isHttp && deadLetterTopic !== undefined) {
    throw conflict('--dead-letter-topic is for a trigger of events: --trigger pubsub:TOPIC or gcs:BUCKET');
  }
  const { environmentVariables, secretEnvironmentVariables } = resource.serviceConfig!;
  const set = new Set([
    ...Object.keys(environmentVariables!),
    ...(secretEnvironmentVariables ?? []).map(({ key }) => key),
  ]);
  const missing = environmentNames(manifest).filter(name => !set.has(name));
  if (missing.length > 0) {
    throw new ColdpressError(
      'ENV_MISSING',
      `the config reads ${missing.join(', ')} from the environment, but the function has no such variable`,
      { hint: missing.map(name => `--env ${name}=VALUE`).join(' ') },
    );
  }
}
