import type { SessionOptions } from '../contract/manifest.ts';
import type { Tuning } from '../model/press/tune.ts';
import { onnxruntimeVersion } from '../native/onnxruntime.ts';
import { changeLock, readLock } from './lock.ts';
import type { Plan } from './plan.ts';

/**
 * The session options that were measured for this model and CPU with the same version of ONNX Runtime, in the requested
 * mode, if any; otherwise `undefined`.
 */
export async function findTuned(plan: Plan, modelSha256: string): Promise<SessionOptions | undefined> {
  const tuned = (await readLock(plan.lockPath)).tuned?.[modelSha256]?.[plan.architecture];
  const fits =
    tuned?.onnxruntime === onnxruntimeVersion() && (plan.tune === undefined || plan.tune === tuned.mode);
  return fits ? tuned.session : undefined;
}

/** Saves the measured options for the next pack: next to the config, to be committed with it. */
export async function keepTuned(plan: Plan, modelSha256: string, { mode, session }: Tuning): Promise<void> {
  await changeLock(plan.lockPath, lock => {
    const entry = { mode, session, onnxruntime: onnxruntimeVersion() };
    lock.tuned = {
      ...lock.tuned,
      [modelSha256]: { ...lock.tuned?.[modelSha256], [plan.architecture]: entry },
    };
  });
}
