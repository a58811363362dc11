import { handleHttp } from './http/handle.ts';
import type { HttpRequest, HttpResponse } from './http/types.ts';
import { type Model, openModel } from './open-model.ts';
import { defaultScore } from './score/default-score.ts';
import type { Score } from './score/define.ts';
import { recordScorer, type ScoreRecords } from './score/score-records.ts';

/** An opened function, ready for any trigger. */
export interface ColdpressFunction {
  model: Model;
  scoreRecords: ScoreRecords;
  http(request: HttpRequest): Promise<HttpResponse>;
}

/**
 * Opens the packed function in `dir`, whole, before the platform hands it anything.
 * @param score - the user's score, or `undefined` for the one that the signature suggests
 */
export function openFunction(dir: string, score: Score | undefined): ColdpressFunction {
  const model = openModel(dir);
  const scoreRecords = recordScorer(model, score ?? defaultScore(model.manifest));
  return { model, scoreRecords, http: request => handleHttp(model, scoreRecords, request) };
}
