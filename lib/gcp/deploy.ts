import type { v2 } from '@google-cloud/functions';
import { ColdpressError } from '../errors.ts';
import { functionsClient, type RunClients, runClients } from './clients.ts';
import { explain, isNotFound } from './explain.ts';
import { type FollowOptions, follow } from './follow.ts';
import {
  type FunctionResource,
  functionPath,
  functionResource,
  locationPath,
  updateMask,
} from './function-resource.ts';
import { allowEveryone } from './invoker.ts';
import type { DeployPlan } from './options.ts';
import { pinTraffic, tagLatest } from './traffic.ts';
import { uploadSource } from './upload.ts';

export interface Deployed {
  name: string;
  url: string;
  created: boolean;
  /** The tagged revision's own URL. */
  tagUrl?: string;
}

/**
 * Uploads the source and makes or updates the function, and waits until it serves. Safe to run again.
 * @throws ColdpressError
 */
export async function deployFunction(plan: DeployPlan, options: FollowOptions): Promise<Deployed> {
  const functions = await functionsClient(plan);
  const needsRun = plan.allowUnauthenticated || !plan.traffic || plan.tag !== undefined;
  const run = needsRun ? await runClients(plan) : undefined;
  const name = functionPath(plan);
  let current: FunctionResource | undefined;
  try {
    current = await findFunction(functions, name);
    if (current !== undefined && run !== undefined && !plan.traffic) {
      options.onProgress('keeping the traffic where it is');
      await pinTraffic(run, plan, options);
    }
    options.onProgress('uploading the source');
    const [upload] = await functions.generateUploadUrl({ parent: locationPath(plan) });
    const source = await uploadSource(upload, plan.zipPath);
    const resource = functionResource(plan, source, current);
    options.onProgress(current === undefined ? 'creating the function' : 'updating the function');
    const [operation] =
      current === undefined
        ? await functions.createFunction({
            parent: locationPath(plan),
            functionId: plan.name,
            function: resource,
          })
        : await functions.updateFunction({ function: resource, updateMask: { paths: updateMask(resource) } });
    const result = await follow<FunctionResource>(operation, options);
    const tagUrl = run === undefined ? undefined : await finish(run, plan, options);
    return {
      name,
      url: result.serviceConfig?.uri ?? result.url ?? '',
      created: current === undefined,
      ...(tagUrl !== undefined && { tagUrl }),
    };
  } catch (error) {
    throw withConsequence(explain(error, plan, `${name} was not deployed`), current !== undefined);
  } finally {
    await functions.close();
  }
}

async function findFunction(
  functions: v2.FunctionServiceClient,
  name: string,
): Promise<FunctionResource | undefined> {
  try {
    const [found] = await functions.getFunction({ name });
    return found;
  } catch (error) {
    if (isNotFound(error)) {
      return undefined;
    }
    throw error;
  }
}

/** What the functions API has no words for. */
async function finish(
  run: RunClients,
  plan: DeployPlan,
  options: FollowOptions,
): Promise<string | undefined> {
  if (plan.allowUnauthenticated) {
    options.onProgress('allowing everyone to call it');
    await allowEveryone(run.services, plan);
  }
  if (plan.tag === undefined) {
    return undefined;
  }
  options.onProgress(`tagging the revision "${plan.tag}"`);
  return tagLatest(run, plan, { ...options, tag: plan.tag, takesTraffic: plan.traffic });
}

/** Says what is serving now. An update that fails leaves the revision before it where it was. */
function withConsequence(error: unknown, existed: boolean): unknown {
  if (!existed || !(error instanceof ColdpressError) || error.code === 'OPERATION_TIMEOUT') {
    return error;
  }
  return new ColdpressError(error.code, `${error.message}; the revision before it goes on serving`, {
    ...(error.hint !== undefined && { hint: error.hint }),
    cause: error.cause,
  });
}
