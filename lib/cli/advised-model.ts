import { statSync } from 'node:fs';
import { type Facts, modelFacts } from '../advise/model-facts.ts';
import { packedFacts } from '../advise/packed-facts.ts';
import { openArtifact } from '../artifact.ts';
import { MODEL_FOLDER } from '../contract/files.ts';
import { cacheRoot } from '../pack/cache.ts';
import { resolvePlan } from '../pack/plan.ts';
import { pressOnce } from '../pack/press.ts';

interface AdviseContext {
  cwd: string;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  onProgress(step: string): void;
}

/**
 * The facts of a model file, or of an artifact's folder. A model is pressed with the defaults of `coldpress pack`, which
 * finds the result in the cache afterwards.
 * @throws ColdpressError
 */
export async function advisedModel(path: string, context: AdviseContext): Promise<Facts> {
  if (isArtifact(path)) {
    return { given: packedFacts(openArtifact(path).manifest), origins: { engine: { from: 'artifact' } } };
  }
  context.onProgress('reading the model');
  return modelFacts(path, model => press(model, context));
}

/** A folder without an artifact is reported by whatever reads models. */
export function isArtifact(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

async function press(model: string, { cwd, env, signal, onProgress }: AdviseContext): Promise<Facts> {
  const plan = resolvePlan({ model }, { config: {}, dir: cwd }, cwd);
  const { manifest, files, notCompiled } = await pressOnce(plan, cacheRoot(env), { onProgress, signal });
  const packed = files.map(file => ({ ...file, path: `${MODEL_FOLDER}/${file.path}` }));
  return {
    given: packedFacts({ ...manifest, files: packed }),
    origins: { engine: { from: 'pack', ...(notCompiled !== undefined && { reason: notCompiled }) } },
  };
}
