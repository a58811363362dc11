import type { Change } from './changes.ts';
import { functionsClient, runClients } from './clients.ts';
import { addDeadLetterTopic } from './dead-letters.ts';
import { deployDrift } from './drift-schedule/deploy-drift.ts';
import { explain, withConsequence } from './explain.ts';
import type { FollowOptions } from './follow.ts';
import { type FunctionResource, functionPath } from './function-resource.ts';
import { openRevision } from './open-revision.ts';
import type { DeployRequest } from './options.ts';
import { type DeployPlan, planDeployment } from './plan.ts';
import { findFunction, putFunction } from './put-function.ts';
import { restCalls } from './rest.ts';
import { pinTraffic } from './traffic.ts';

export interface Deployed {
  name: string;
  url: string;
  created: boolean;
  /** Changes of an existing function, apart from its source. */
  changes: Change[];
  /** Whether the new revision receives the traffic. */
  traffic: boolean;
  /** The tagged revision's own URL. */
  tagUrl?: string;
}

export interface DeployProgress extends FollowOptions {
  /** Called before anything is changed. */
  onPlan?: (plan: DeployPlan) => void;
}

/**
 * Uploads the source, creates or updates the function, and waits until it serves. Settings without an option are left
 * unchanged. Safe to rerun.
 * @throws ColdpressError
 */
export async function deployFunction(request: DeployRequest, options: DeployProgress): Promise<Deployed> {
  const functions = await functionsClient(request);
  let current: FunctionResource | undefined;
  try {
    current = await findFunction(functions, functionPath(request));
    const plan = planDeployment(request, current);
    options.onPlan?.(plan);
    const needsRun = plan.allowUnauthenticated || !plan.traffic || plan.tag !== undefined;
    const run = needsRun ? await runClients(plan) : undefined;
    if (plan.exists && run !== undefined && !plan.traffic) {
      options.onProgress('keeping the traffic where it is');
      await pinTraffic(run, plan, options);
    }
    const result = await putFunction(functions, plan, options);
    const tagUrl =
      run === undefined
        ? undefined
        : await openRevision(run, plan, { ...options, takesTraffic: plan.traffic });
    if (plan.deadLetterTopic !== undefined) {
      options.onProgress('sending what fails to the dead-letter topic');
      const { project, deadLetterTopic: topic } = plan;
      await addDeadLetterTopic(restCalls(functions, plan), result, { project, topic });
    }
    if (plan.drift !== undefined) {
      await deployDrift(functions, { plan, model: result }, options);
    }
    return {
      name: functionPath(plan),
      url: result.serviceConfig?.uri ?? result.url ?? '',
      created: !plan.exists,
      changes: plan.changes,
      traffic: plan.traffic,
      ...(tagUrl !== undefined && { tagUrl }),
    };
  } catch (error) {
    const what = `${functionPath(request)} was not deployed`;
    throw withConsequence(explain(error, request, what), current !== undefined);
  } finally {
    await functions.close();
  }
}

/** Plans a deployment: reads the function and changes nothing. */
export async function readPlan(request: DeployRequest): Promise<DeployPlan> {
  const functions = await functionsClient(request);
  try {
    return planDeployment(request, await findFunction(functions, functionPath(request)));
  } catch (error) {
    throw explain(error, request, `${functionPath(request)} cannot be read`);
  } finally {
    await functions.close();
  }
}
