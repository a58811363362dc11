import { startRunClock } from '../http/deadline.ts';
import { openGolden } from '../http/golden.ts';
import { type Http, handleHttp } from '../http/handle.ts';
import type { HttpOptions } from '../http/open-http.ts';
import { resolveHttp } from '../http/plan.ts';
import { warmUp } from '../http/warm-up.ts';
import type { Model } from '../open-model.ts';
import { resolveBatchLimits } from './limits.ts';
import { shareScoring } from './records.ts';
import { shareInference } from './tensors.ts';

/** The HTTP side of a function whose instance gets several requests at once: those that arrive together share a run. */
export function openSharedHttp({ dir, model, scoreRecords, record, env }: HttpOptions): Http {
  const plan = resolveHttp(model.manifest.http, env);
  const golden = openGolden(dir, model);
  if (plan.warmUp) {
    warmUp(model, golden);
  }
  const limits = resolveBatchLimits(env);
  return handleHttp({
    // Routes await what it gives; the golden vector, which does not, has the model itself.
    model: { ...model, infer: shareInference(model, limits) as unknown as Model['infer'] },
    scoreRecords: shareScoring(scoreRecords, limits),
    ...{ record, plan, golden, clock: startRunClock() },
  });
}
