import type { SessionOptions } from '../contract/manifest.ts';
import type { Tuning } from '../model/press/tune.ts';
import { onnxruntimeVersion } from '../native/onnxruntime.ts';
import { changeLock, readLock } from './lock.ts';
import type { Plan } from './plan.ts';

/**
 * The session options that were measured for this model and CPU, by the same version of ONNX Runtime, in the mode that
 * is asked for, if one is; else `undefined`.
 */
export async function findTuned(plan: Plan, modelSha256: string): Promise<SessionOptions | undefined> {
  const tuned = (await readLock(plan.lockPath)).tuned?.[modelSha256]?.[plan.architecture];
  const fits =
    tuned?.onnxruntime === onnxruntimeVersion() && (plan.tune === undefined || plan.tune === tuned.mode);
  return fits ? tuned.session : undefined;
}

/** Keeps what was measured where the next pack finds it: beside the config, to be committed with it. */
export async function keepTuned(plan: Plan, modelSha256: string, { mode, session }: Tuning): Promise<void> {
  await changeLock(plan.lockPath, lock => {
    const entry = { mode, session, onnxruntime: onnxruntimeVersion() };
    lock.tuned = {
      ...lock.tuned,
      [modelSha256]: { ...lock.tuned?.[modelSha256], [plan.architecture]: entry },
    };
  });
}
