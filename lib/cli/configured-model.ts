import { relative, resolve } from 'node:path';
import { cacheRoot } from '../pack/cache.ts';
import { loadConfig } from '../pack/config.ts';
import { isRemote } from '../pack/fetch/remote.ts';
import { verifiedModel } from '../pack/fetch.ts';
import { LOCK_FILE } from '../pack/lock.ts';
import { resolvePlan } from '../pack/plan.ts';

/**
 * The path of the config's model, relative to `cwd`; nothing if there is no config, or its model is a URL.
 * @throws ColdpressError CONFIG_SYNTAX, CONFIG_INVALID, MODEL_UNNAMED
 */
export async function configuredModel(cwd: string): Promise<string | undefined> {
  const loaded = await loadConfig(undefined, cwd);
  if (loaded.path === undefined) {
    return undefined;
  }
  const { modelPath } = resolvePlan({}, loaded, cwd);
  return isRemote(modelPath) ? undefined : relative(cwd, modelPath);
}

/** The file of a model; of a URL, what `coldpress fetch` downloaded. @throws ColdpressError MODEL_NOT_FETCHED */
export async function modelFile(model: string): Promise<string> {
  return isRemote(model)
    ? verifiedModel(model, { lockPath: resolve(LOCK_FILE), cacheDir: cacheRoot(process.env) })
    : model;
}
