import type { Model } from '../open-model.ts';
import type { Score } from '../score/define.ts';
import type { ScoreRecords } from '../score/score-records.ts';
import type { InferRequest, InferResponse } from '../tensor/types.ts';
import type { RunClock } from './deadline.ts';
import type { GoldenCheck } from './golden.ts';
import type { HttpPlan } from './plan.ts';
import type { HttpPlatform, HttpRequest } from './types.ts';

/** The data and functions that routes use to answer. */
export interface Endpoint {
  model: Model;
  /** Answers an inference request, possibly in a shared run. @throws RequestError */
  infer(request: InferRequest): InferResponse | Promise<InferResponse>;
  scoreRecords: ScoreRecords;
  /** The schema of a record, if the user's score has one. */
  record: Score['record'];
  /** The only key of every result, if the score is the default one and the model has one output. */
  onlyOutput: string | undefined;
  plan: HttpPlan;
  clock: RunClock;
  golden: GoldenCheck;
}

/** A request being answered. */
export interface Exchange {
  endpoint: Endpoint;
  request: HttpRequest;
  platform: HttpPlatform;
}
