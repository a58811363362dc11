import { isRemote } from './fetch/remote.ts';
import type { Plan } from './plan.ts';

/**
 * The plan with a model on this machine. A model that is a URL is read from the cache, never from the network.
 * @throws ColdpressError MODEL_NOT_FETCHED
 */
export async function localModel(plan: Plan, cacheDir: string): Promise<Plan> {
  const { modelPath, sha256, lockPath } = plan;
  if (!isRemote(modelPath)) {
    return plan;
  }
  // Loaded only now, because most models are files.
  const { fetchedModel } = await import('./fetch.ts');
  const fetched = await fetchedModel(modelPath, { ...(sha256 && { sha256 }), lockPath, cacheDir });
  return { ...plan, modelPath: fetched.path, modelUrl: modelPath, sha256: fetched.sha256 };
}
