import type { Model } from '../open-model.ts';
import type { Score } from '../score/define.ts';
import type { ScoreRecords } from '../score/score-records.ts';
import type { InferRequest, InferResponse } from '../tensor/types.ts';
import type { RunClock } from './deadline.ts';
import type { GoldenCheck } from './golden.ts';
import type { HttpPlan } from './plan.ts';
import type { HttpPlatform, HttpRequest, HttpResponse } from './types.ts';

/** What the routes answer from. */
export interface Endpoint {
  model: Model;
  /** Answers an inference request, perhaps in a run with others. @throws RequestError */
  infer(request: InferRequest): InferResponse | Promise<InferResponse>;
  scoreRecords: ScoreRecords;
  /** The schema of a record, where the user's score has one. */
  record: Score['record'];
  /** The one key of every result, where the score is the signature's own and the model has one output. */
  onlyOutput: string | undefined;
  plan: HttpPlan;
  clock: RunClock;
  golden: GoldenCheck;
}

/** One request on its way. */
export interface Exchange {
  endpoint: Endpoint;
  request: HttpRequest;
  platform: HttpPlatform;
  /** All that there are, for those that describe them. */
  routes: readonly Route[];
}

export interface Route {
  method: 'GET' | 'POST';
  path: string;
  /** For the OpenAPI document, which leaves out routes without it. */
  summary?: string;
  /** Schemas of the bodies, by their names in the OpenAPI document. */
  takes?: string;
  gives?: string;
  /** @throws RequestError */
  answer(exchange: Exchange): HttpResponse | Promise<HttpResponse>;
}
