import { statSync } from 'node:fs';
import { FUNCTION_ZIP } from '../contract/files.ts';
import { updateMask } from './changes.ts';
import { driftRequests } from './drift-schedule/deploy-drift.ts';
import { functionPath, locationPath, servicePath, withSource } from './function-resource.ts';
import type { DeployPlan } from './plan.ts';
import type { PlannedRequest } from './planned-request.ts';

/**
 * The requests of the plan that would change something; none is sent. Values that only their answers contain are
 * placeholders.
 */
export function plannedRequests(plan: DeployPlan): PlannedRequest[] {
  const functions = plan.endpoint?.origin ?? 'https://cloudfunctions.googleapis.com';
  const run = `${plan.endpoint?.origin ?? 'https://run.googleapis.com'}/v2/${servicePath(plan)}`;
  const pubsub = plan.endpoint?.origin ?? 'https://pubsub.googleapis.com';
  const location = `${functions}/v2/${locationPath(plan)}`;
  const body = withSource(plan.resource, { bucket: '<bucket>', object: '<object>' });
  const zip = `<${statSync(plan.zipPath).size} bytes of ${FUNCTION_ZIP}>`;
  const when = (condition: boolean, request: PlannedRequest) => (condition ? [request] : []);
  const patchTraffic = { method: 'PATCH', url: `${run}?updateMask=traffic` };
  return [
    ...when(plan.exists && !plan.traffic, { ...patchTraffic, body: { traffic: '<as it is>' } }),
    { method: 'POST', url: `${location}/functions:generateUploadUrl` },
    { method: 'PUT', url: '<uploadUrl>', body: zip },
    plan.exists
      ? {
          method: 'PATCH',
          url: `${functions}/v2/${functionPath(plan)}?updateMask=${updateMask(plan.changes).join(',')}`,
          body,
        }
      : { method: 'POST', url: `${location}/functions?functionId=${plan.name}`, body },
    ...when(plan.allowUnauthenticated, {
      method: 'POST',
      url: `${run}:setIamPolicy`,
      body: { role: 'roles/run.invoker', members: ['allUsers'] },
    }),
    ...when(plan.tag !== undefined, {
      ...patchTraffic,
      body: { traffic: [{ revision: '<new>', tag: plan.tag }] },
    }),
    ...when(plan.deadLetterTopic !== undefined, {
      method: 'PATCH',
      url: `${pubsub}/v1/<subscription of the trigger>?updateMask=deadLetterPolicy`,
      body: { deadLetterPolicy: { deadLetterTopic: plan.deadLetterTopic } },
    }),
    ...(plan.drift === undefined ? [] : driftRequests(plan)),
  ];
}
