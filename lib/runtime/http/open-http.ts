import type { Manifest } from '../../contract/manifest.ts';
import { defaultOutputs } from '../../contract/signature.ts';
import type { Watch } from '../counting/watch.ts';
import type { Model } from '../open-model.ts';
import type { Score } from '../score/define.ts';
import type { ScoreRecords } from '../score/score-records.ts';
import type { InferRequest, InferResponse } from '../tensor/types.ts';
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
  model: Model<Manifest>;
  scoreRecords: ScoreRecords;
  watch: Watch;
  /** Answers inference requests. @default each request in a separate run */
  infer?: Endpoint['infer'];
  /** The user's score, if there is one. */
  score: Score | undefined;
  env: NodeJS.ProcessEnv;
}

/** Opens the HTTP side of a function according to the config's `http`. */
export function openHttp({
  dir,
  model,
  watch,
  scoreRecords,
  infer = request => inferAlone(watch, request),
  score,
  env,
}: HttpOptions): Http {
  const plan = resolveHttp(model.manifest.http, env);
  const golden = openGolden(dir, model);
  if (plan.warmUp) {
    warmUp(model, golden);
  }
  const [output, ...others] = defaultOutputs(model.signature.outputs);
  return handleHttp({
    model,
    infer,
    scoreRecords,
    record: score?.record,
    onlyOutput: score === undefined && others.length === 0 ? output?.name : undefined,
    plan,
    golden,
    clock: startRunClock(),
  });
}

function inferAlone(watch: Watch, request: InferRequest): InferResponse {
  const { response, count } = watch.infer(request);
  count();
  return response;
}
