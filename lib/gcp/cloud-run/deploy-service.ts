import { type RunClients, runClients } from '../clients.ts';
import type { Deployed } from '../deploy.ts';
import { explain, isNotFound, withConsequence } from '../explain.ts';
import { type FollowOptions, follow } from '../follow.ts';
import { locationPath, servicePath } from '../function-resource.ts';
import { openRevision } from '../open-revision.ts';
import type { PlannedRequest } from '../planned-request.ts';
import type { ServiceRequest } from './options.ts';
import { planServiceDeployment, type Service, type ServicePlan } from './plan-service.ts';

export interface ServiceProgress extends FollowOptions {
  /** Called before anything is changed. */
  onPlan?: (plan: ServicePlan) => void;
}

/**
 * Creates or updates a Cloud Run service from an image and waits until it serves. Settings without an option are left
 * unchanged. Safe to rerun.
 * @throws ColdpressError
 */
export function deployService(request: ServiceRequest, options: ServiceProgress): Promise<Deployed> {
  return withService(request, `${servicePath(request)} was not deployed`, async (run, current) => {
    const plan = planServiceDeployment(request, current);
    options.onPlan?.(plan);
    const service = await change(run, plan, options);
    const tagUrl = await openRevision(run, plan, { ...options, takesTraffic: false });
    return {
      name: servicePath(plan),
      url: service.uri ?? '',
      created: !plan.exists,
      changes: plan.changes,
      traffic: plan.traffic,
      ...(tagUrl !== undefined && { tagUrl }),
    };
  });
}

/** Plans a deployment: reads the service and changes nothing. */
export function readServicePlan(request: ServiceRequest): Promise<ServicePlan> {
  return withService(request, `${servicePath(request)} cannot be read`, async (_, current) =>
    planServiceDeployment(request, current),
  );
}

async function withService<Result>(
  request: ServiceRequest,
  failure: string,
  work: (run: RunClients, current: Service | undefined) => Promise<Result>,
): Promise<Result> {
  const run = await runClients(request);
  let current: Service | undefined;
  try {
    current = await findService(run, servicePath(request));
    return await work(run, current);
  } catch (error) {
    throw withConsequence(explain(error, request, failure, 'run'), current !== undefined);
  } finally {
    await Promise.all([run.services.close(), run.revisions.close()]);
  }
}

async function findService({ services }: RunClients, name: string): Promise<Service | undefined> {
  try {
    const [found] = await services.getService({ name });
    return found;
  } catch (error) {
    if (isNotFound(error)) {
      return undefined;
    }
    throw error;
  }
}

async function change({ services }: RunClients, plan: ServicePlan, options: FollowOptions): Promise<Service> {
  options.onProgress(plan.exists ? 'updating the service' : 'creating the service');
  const [operation] = plan.exists
    ? await services.updateService({ service: plan.resource, updateMask: { paths: plan.updateMask } })
    : await services.createService({
        parent: locationPath(plan),
        serviceId: plan.name,
        service: plan.resource,
      });
  return follow<Service>(operation, options);
}

/** The requests of the plan that would change something; none is sent. */
export function serviceRequests(plan: ServicePlan): PlannedRequest[] {
  const origin = plan.endpoint?.origin ?? 'https://run.googleapis.com';
  const url = `${origin}/v2/${servicePath(plan)}`;
  const when = (condition: boolean, request: PlannedRequest) => (condition ? [request] : []);
  return [
    plan.exists
      ? { method: 'PATCH', url: `${url}?updateMask=${plan.updateMask.join(',')}`, body: plan.resource }
      : {
          method: 'POST',
          url: `${origin}/v2/${locationPath(plan)}/services?serviceId=${plan.name}`,
          body: plan.resource,
        },
    ...when(plan.allowUnauthenticated, {
      method: 'POST',
      url: `${url}:setIamPolicy`,
      body: { role: 'roles/run.invoker', members: ['allUsers'] },
    }),
    ...when(plan.tag !== undefined, {
      method: 'PATCH',
      url: `${url}?updateMask=traffic`,
      body: { traffic: [{ revision: '<new>', tag: plan.tag }] },
    }),
  ];
}
