import type { Manifest } from '../../contract/manifest.ts';
import type { Model } from '../open-model.ts';
import type { Score } from '../score/define.ts';
import type { ScoreRecords } from '../score/score-records.ts';
import { startRunClock } from './deadline.ts';
import { openGolden } from './golden.ts';
import { type Http, handleHttp } from './handle.ts';
import { resolveHttp } from './plan.ts';
import { warmUp } from './warm-up.ts';

export type { Http } from './handle.ts';

export interface HttpOptions {
  /** The packed function's folder. */
  dir: string;
  model: Model<Manifest>;
  scoreRecords: ScoreRecords;
  /** The user's score, if there is one. */
  score: Score | undefined;
  env: NodeJS.ProcessEnv;
  /** What routes are answered by instead of the two above, which warm-up and golden vector keep. */
  shared?: { model: Model; scoreRecords: ScoreRecords };
}

/** Opens the HTTP side of a function, as the config's `http` has it. */
export function openHttp({ dir, model, scoreRecords, score, env, shared }: HttpOptions): Http {
  const plan = resolveHttp(model.manifest.http, env);
  const golden = openGolden(dir, model);
  if (plan.warmUp) {
    warmUp(model, golden);
  }
  const [output, ...others] = model.signature.outputs;
  return handleHttp({
    ...(shared ?? { model, scoreRecords }),
    record: score?.record,
    onlyOutput: score === undefined && others.length === 0 ? output?.name : undefined,
    plan,
    golden,
    clock: startRunClock(),
  });
}
