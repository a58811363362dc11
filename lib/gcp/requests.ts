import { statSync } from 'node:fs';
import { FUNCTION_ZIP } from '../contract/files.ts';
import { functionPath, functionResource, locationPath, servicePath } from './function-resource.ts';
import type { DeployPlan } from './options.ts';

/** A request that a deployment makes. */
export interface PlannedRequest {
  method: string;
  url: string;
  /** When it is made, where that is not always. */
  when?: string;
  body?: unknown;
}

/** The requests of a deployment, none of which is made; of what only their answers tell, a placeholder. */
export function plannedRequests(plan: DeployPlan): PlannedRequest[] {
  const functions = plan.endpoint?.origin ?? 'https://cloudfunctions.googleapis.com';
  const run = `${plan.endpoint?.origin ?? 'https://run.googleapis.com'}/v2/${servicePath(plan)}`;
  const location = `${functions}/v2/${locationPath(plan)}`;
  const resource = functionResource(plan, { bucket: '<bucket>', object: '<object>' }, undefined);
  const zip = `<${statSync(plan.zipPath).size} bytes of ${FUNCTION_ZIP}>`;
  return [
    { method: 'GET', url: `${functions}/v2/${functionPath(plan)}` },
    ...(plan.traffic
      ? []
      : [
          {
            method: 'PATCH',
            url: `${run}?updateMask=traffic`,
            when: 'the function exists',
            body: { traffic: '<as it is>' },
          },
        ]),
    { method: 'POST', url: `${location}/functions:generateUploadUrl` },
    { method: 'PUT', url: '<uploadUrl>', body: zip },
    {
      method: 'POST',
      url: `${location}/functions?functionId=${plan.name}`,
      when: 'the function does not exist; else PATCH',
      body: resource,
    },
    ...(plan.allowUnauthenticated
      ? [
          {
            method: 'POST',
            url: `${run}:setIamPolicy`,
            body: { role: 'roles/run.invoker', members: ['allUsers'] },
          },
        ]
      : []),
    ...(plan.tag === undefined
      ? []
      : [
          {
            method: 'PATCH',
            url: `${run}?updateMask=traffic`,
            body: { traffic: [{ revision: '<new>', tag: plan.tag }] },
          },
        ]),
  ];
}
