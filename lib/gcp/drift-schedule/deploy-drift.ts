import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { v2 } from '@google-cloud/functions';
import { FUNCTION_FOLDER } from '../../contract/files.ts';
import { changesOf } from '../changes.ts';
import { runClients } from '../clients.ts';
import type { FollowOptions } from '../follow.ts';
import { type FunctionResource, functionPath } from '../function-resource.ts';
import { allowInvoker } from '../invoker.ts';
import type { DeployPlan } from '../plan.ts';
import type { PlannedRequest } from '../planned-request.ts';
import { findFunction, putFunction } from '../put-function.ts';
import { type Call, isMissing, restCalls } from '../rest.ts';
import {
  DRIFT_METRIC,
  driftFunction,
  driftJob,
  driftMetric,
  driftPlace,
  driftPolicy,
  type Planned,
  POLICY_LABEL,
} from './plan-drift.ts';

/** Deploys the function that checks for drift, the job that calls it, its metric and its alert. Safe to rerun. */
export async function deployDrift(
  functions: v2.FunctionServiceClient,
  { plan, model }: { plan: DeployPlan; model: FunctionResource },
  options: FollowOptions,
): Promise<void> {
  const planned = plan as Planned;
  const call = restCalls(functions, plan);
  const account = planned.drift.serviceAccount ?? model.serviceConfig?.serviceAccountEmail ?? undefined;
  const place = driftPlace(planned);
  const resource = driftFunction(planned, account);
  const current = await findFunction(functions, functionPath(place));
  const dir = await mkdtemp(join(tmpdir(), 'coldpress-drift-'));
  let judge: FunctionResource;
  try {
    const zipPath = join(dir, 'function.zip');
    // It loads esbuild.
    const { writeDriftSource } = await import('./source.ts');
    await writeDriftSource(join(dirname(plan.zipPath), FUNCTION_FOLDER), zipPath);
    const changes = current === undefined ? [] : changesOf(current, resource);
    judge = await putFunction(
      functions,
      { ...place, zipPath, exists: current !== undefined, resource, changes },
      { ...options, onProgress: step => options.onProgress(`drift: ${step}`) },
    );
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
  options.onProgress('scheduling it');
  const caller = account ?? judge.serviceConfig?.serviceAccountEmail ?? (await defaultAccount(call, plan));
  const { services } = await runClients(plan);
  await allowInvoker(services, place, `serviceAccount:${caller}`);
  await putJob(call, driftJob(planned, { uri: judge.serviceConfig?.uri ?? judge.url ?? '', caller }));
  options.onProgress('creating its metric and alert');
  await call('PUT', 'logging', `v2/projects/${plan.project}/metrics/${DRIFT_METRIC}`, driftMetric());
  await putPolicy(call, planned);
}

/** https://docs.cloud.google.com/compute/docs/access/service-accounts#default_service_account */
async function defaultAccount(call: Call, { project }: DeployPlan): Promise<string> {
  const { projectNumber } = await call<{ projectNumber: string }>(
    'GET',
    'cloudresourcemanager',
    `v1/projects/${project}`,
  );
  return `${projectNumber}-compute@developer.gserviceaccount.com`;
}

async function putJob(call: Call, { parent, job }: ReturnType<typeof driftJob>): Promise<void> {
  try {
    const mask = 'schedule,timeZone,attemptDeadline,httpTarget,description';
    await call('PATCH', 'cloudscheduler', `v1/${job.name}?updateMask=${mask}`, job);
  } catch (error) {
    if (!isMissing(error)) {
      throw error;
    }
    await call('POST', 'cloudscheduler', `v1/${parent}/jobs`, job);
  }
}

/** An existing policy keeps its notification channels. */
async function putPolicy(call: Call, plan: Planned): Promise<void> {
  const policy = driftPolicy(plan);
  const filter = encodeURIComponent(`user_labels.${POLICY_LABEL}="${plan.name}"`);
  const path = `v3/projects/${plan.project}/alertPolicies`;
  const { alertPolicies = [] } = await call<{ alertPolicies?: { name: string }[] }>(
    'GET',
    'monitoring',
    `${path}?filter=${filter}`,
  );
  const [found] = alertPolicies;
  await (found === undefined
    ? call('POST', 'monitoring', path, policy)
    : call(
        'PATCH',
        'monitoring',
        `v3/${found.name}?updateMask=conditions,alertStrategy,documentation`,
        policy,
      ));
}

/** The requests of `deployDrift` if nothing exists yet; none is sent. */
export function driftRequests(plan: DeployPlan): PlannedRequest[] {
  const planned = plan as Planned;
  const url = (api: string, path: string) =>
    `${plan.endpoint?.origin ?? `https://${api}.googleapis.com`}/${path}`;
  const account =
    planned.drift.serviceAccount ?? plan.resource.serviceConfig?.serviceAccountEmail ?? undefined;
  const caller = account ?? '<default service account>';
  const place = driftPlace(planned);
  const { parent, job } = driftJob(planned, { uri: '<uri>', caller });
  return [
    {
      method: 'POST',
      url: url('cloudfunctions', `v2/${parent}/functions?functionId=${place.name}`),
      body: driftFunction(planned, account),
    },
    {
      method: 'POST',
      url: url('run', `v2/${parent}/services/${place.name}:setIamPolicy`),
      body: { role: 'roles/run.invoker', members: [`serviceAccount:${caller}`] },
    },
    { method: 'POST', url: url('cloudscheduler', `v1/${parent}/jobs`), body: job },
    {
      method: 'PUT',
      url: url('logging', `v2/projects/${plan.project}/metrics/${DRIFT_METRIC}`),
      body: driftMetric(),
    },
    {
      method: 'POST',
      url: url('monitoring', `v3/projects/${plan.project}/alertPolicies`),
      body: driftPolicy(planned),
    },
  ];
}
