import type { Model } from '../open-model.ts';
import type { ScoreRecords } from '../score/score-records.ts';
import { startRunClock } from './deadline.ts';
import type { Endpoint } from './endpoint.ts';
import { openGolden } from './golden.ts';
import { type Http, handleHttp } from './handle.ts';
import { resolveHttp } from './plan.ts';
import { warmUp } from './warm-up.ts';

export type { Http } from './handle.ts';

export interface HttpOptions {
  /** The packed function's folder. */
  dir: string;
  model: Model;
  scoreRecords: ScoreRecords;
  record: Endpoint['record'];
  env: NodeJS.ProcessEnv;
}

/** Opens the HTTP side of a function, as the config's `http` has it. */
export function openHttp({ dir, model, scoreRecords, record, env }: HttpOptions): Http {
  const plan = resolveHttp(model.manifest.http, env);
  const golden = openGolden(dir, model);
  if (plan.warmUp) {
    warmUp(model, golden);
  }
  return handleHttp({ model, scoreRecords, record, plan, golden, clock: startRunClock() });
}
