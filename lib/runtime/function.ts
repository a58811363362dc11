import type { Manifest } from '../contract/manifest.ts';
import { openWatch, type Watch } from './counting/watch.ts';
import { type Http, type HttpOptions, openHttp } from './http/open-http.ts';
import { type Model, openModel } from './open-model.ts';
import type { Score } from './score/define.ts';
import { recordScorer, type ScoreRecords } from './score/score-records.ts';
import * as scores from './score/used.ts';
import { openSinks, type Sinks } from './sinks/open-sinks.ts';

/** An opened function, ready for any trigger. */
export interface ColdpressFunction {
  model: Model<Manifest>;
  scoreRecords: ScoreRecords;
  http: Http;
  readonly sinks: Sinks;
  /** Counts the rows that the model sees. */
  watch: Watch;
  /** The function's version, as the platform numbers it; the model's version is its hash. */
  version: string;
}

/**
 * Opens the packed function in `dir` completely, before the platform passes it any request.
 * @param score - the user's score, or `undefined` for the default score of the signature
 * @param options.open - opens the HTTP side; a platform with concurrent requests passes one that shares runs (default:
 *   each request has its own run)
 */
export function openFunction(
  dir: string,
  score: Score | undefined,
  { open = openHttp }: { open?: (options: HttpOptions) => Http } = {},
): ColdpressFunction {
  const model = openModel<Manifest>(dir);
  // A bundle has only one of the two.
  const used = (score === undefined && scores.defaultScore?.(model.manifest)) || scores.checkedScore(score);
  const watch = openWatch(dir, model);
  let scorer: ScoreRecords | undefined;
  const scoreRecords: ScoreRecords = (records, options) => {
    scorer ??= recordScorer(model, used, watch);
    return scorer(records, options);
  };
  const http = open({ dir, model, watch, scoreRecords, score, env: process.env });
  const { env } = process;
  const version = env.AWS_LAMBDA_FUNCTION_VERSION ?? env.K_REVISION ?? '';
  let sinks: Sinks | undefined;
  return {
    model,
    scoreRecords,
    http,
    // A function that is asked over HTTP never uses them.
    get sinks() {
      sinks ??= openSinks(model.manifest, env);
      return sinks;
    },
    watch,
    version,
  };
}
