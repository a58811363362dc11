import type { v2 } from '@google-cloud/functions';
import { updateMask } from './changes.ts';
import { isNotFound } from './explain.ts';
import { type FollowOptions, follow } from './follow.ts';
import { type FunctionResource, locationPath, withSource } from './function-resource.ts';
import type { DeployPlan } from './plan.ts';
import { uploadSource } from './upload.ts';

export async function findFunction(
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

/** Uploads the source and creates or updates the function. */
export async function putFunction(
  functions: v2.FunctionServiceClient,
  plan: Pick<
    DeployPlan,
    'project' | 'region' | 'name' | 'endpoint' | 'zipPath' | 'exists' | 'resource' | 'changes'
  >,
  options: FollowOptions,
): Promise<FunctionResource> {
  options.onProgress('uploading the source');
  const [upload] = await functions.generateUploadUrl({ parent: locationPath(plan) });
  const resource = withSource(plan.resource, await uploadSource(upload, plan.zipPath));
  options.onProgress(plan.exists ? 'updating the function' : 'creating the function');
  const [operation] = plan.exists
    ? await functions.updateFunction({ function: resource, updateMask: { paths: updateMask(plan.changes) } })
    : await functions.createFunction({
        parent: locationPath(plan),
        functionId: plan.name,
        function: resource,
      });
  return follow<FunctionResource>(operation, options);
}
