import { type FunctionResource, functionPath, locationPath } from '../function-resource.ts';
import type { DeployRequest } from '../options.ts';
import type { ResolvedPlace } from '../place.ts';
import { buildVariables } from '../plan.ts';

/** The longest time that Cloud Scheduler waits for an answer: https://docs.cloud.google.com/scheduler/quotas */
const timeoutSeconds = 1800;
/** The chance of a false alarm in a year. */
const alpha = 0.05;
const threshold = -Math.log10(alpha);
const daySeconds = 86_400;
export const DRIFT_METRIC = 'coldpress-drift';

/** A label that identifies the policy, because its name cannot be chosen. */
export const POLICY_LABEL = 'coldpress_drift';

export type Planned = DeployRequest & { drift: NonNullable<DeployRequest['drift']> };

export function driftPlace({ project, region, endpoint, drift }: Planned): ResolvedPlace {
  return { project, region, endpoint, name: drift.name };
}

/** The drift function. */
export function driftFunction(plan: Planned, serviceAccount: string | undefined): FunctionResource {
  const { project, region, name, manifest, drift } = plan;
  return {
    name: functionPath(driftPlace(plan)),
    environment: 'GEN_2',
    buildConfig: { runtime: manifest.runtime, entryPoint: 'http', environmentVariables: buildVariables },
    serviceConfig: {
      availableMemory: '1Gi',
      availableCpu: '1',
      timeoutSeconds,
      maxInstanceCount: 1,
      minInstanceCount: 0,
      maxInstanceRequestConcurrency: 1,
      ingressSettings: 'ALLOW_ALL',
      ...(serviceAccount !== undefined && { serviceAccountEmail: serviceAccount }),
      environmentVariables: {
        PROJECT: project,
        REGION: region,
        MODEL_FUNCTION: name,
        WINDOW_HOURS: String(drift.windowHours),
        ALPHA: String(alpha),
        LOOKS: String(drift.looks),
      },
      allTrafficOnLatestRevision: true,
    },
  };
}

/** A Cloud Scheduler job that calls the function. */
export function driftJob(plan: Planned, { uri, caller }: { uri: string; caller: string }) {
  const parent = locationPath(plan);
  return {
    parent,
    job: {
      name: `${parent}/jobs/${plan.drift.name}`,
      description: `judges whether inputs and outputs of ${plan.name} drifted; created by coldpress`,
      schedule: plan.drift.schedule,
      timeZone: 'Etc/UTC',
      attemptDeadline: `${timeoutSeconds}s`,
      httpTarget: { uri, httpMethod: 'POST', oidcToken: { serviceAccountEmail: caller, audience: uri } },
    },
  };
}

/** A metric for all functions of the project, computed from what they write to the log. */
export function driftMetric() {
  return {
    name: DRIFT_METRIC,
    description: 'the largest calibrated drift of all columns; 1.3 is a chance of 5 %',
    filter: 'resource.type="cloud_run_revision" AND jsonPayload.coldpress="drift"',
    valueExtractor: 'EXTRACT(jsonPayload.drift)',
    labelExtractors: { function: 'EXTRACT(jsonPayload.function)' },
    metricDescriptor: {
      metricKind: 'DELTA',
      valueType: 'DISTRIBUTION',
      unit: '1',
      labels: [{ key: 'function', valueType: 'STRING' }],
    },
    bucketOptions: { explicitBuckets: { bounds: [0.1, 0.5, 1, 1.3, 2, 3, 5, 10, 20, 50, 100, 300] } },
  };
}

/**
 * An alert on the log instead of the metric: Google rejects an alert on a metric without values, and one on the log
 * also notices failed runs.
 */
export function driftPolicy({ name, drift }: Planned) {
  const filter = [
    'resource.type="cloud_run_revision"',
    `resource.labels.service_name=${JSON.stringify(drift.name)}`,
    `(jsonPayload.drift>=${threshold.toFixed(3)} OR severity>=ERROR)`,
  ].join(' AND ');
  return {
    displayName: `${name}: drift`,
    userLabels: { [POLICY_LABEL]: name },
    combiner: 'OR',
    conditions: [
      { displayName: 'inputs or outputs drifted, or a run failed', conditionMatchedLog: { filter } },
    ],
    // An incident stays open until the next run; it may stay open for 7 days at most.
    alertStrategy: {
      notificationRateLimit: { period: `${daySeconds}s` },
      autoClose: `${drift.looks >= 365 ? 2 * daySeconds : 7 * daySeconds}s`,
    },
    documentation: {
      mimeType: 'text/markdown',
      content: `The log of ${drift.name} names the columns. All figures: \`npx coldpress drift ${name} --project PROJECT --region REGION\`.`,
    },
  };
}
