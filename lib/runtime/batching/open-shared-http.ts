import type { Http } from '../http/handle.ts';
import { type HttpOptions, openHttp } from '../http/open-http.ts';
import { resolveBatchLimits } from './limits.ts';
import { shareScoring } from './records.ts';
import { shareInference } from './tensors.ts';

/** The HTTP side of a function with concurrent requests: those that arrive together share a run. */
export function openSharedHttp(options: HttpOptions): Http {
  const { model, watch, scoreRecords, env } = options;
  const limits = resolveBatchLimits(env);
  return openHttp({
    ...options,
    infer: shareInference(model, watch, limits),
    scoreRecords: shareScoring(scoreRecords, model.manifest.rows, limits),
  });
}
