import type { Link } from '../booster.ts';
import { invalid, unsupported } from '../invalid.ts';

interface Objective {
  link: Link;
  /** From `base_score`, which is an answer, to what the sums begin with. */
  toMargin(score: number): number;
}

const identity = { link: { kind: 'identity' }, toMargin: score => score } satisfies Objective;
const logarithmic = { link: { kind: 'exp' }, toMargin: score => Math.log(score) } satisfies Objective;
/** In 32-bit floats step by step. */
const logit = (score: number) => -Math.log(Math.fround(Math.fround(1 / score) - 1));
const softmax = { link: { kind: 'softmax' }, toMargin: score => score } satisfies Objective;

/** `ProbToMargin` and `PredTransform` of https://github.com/dmlc/xgboost/tree/master/src/objective */
const objectives: Record<string, Objective> = {
  'reg:squarederror': identity,
  'reg:linear': identity,
  'reg:squaredlogerror': identity,
  'reg:pseudohubererror': identity,
  'reg:absoluteerror': identity,
  'reg:quantileerror': identity,
  'reg:expectileerror': identity,
  'reg:logistic': { link: { kind: 'sigmoid', sigmoid: 1 }, toMargin: logit },
  'binary:logistic': { link: { kind: 'binary', sigmoid: 1 }, toMargin: logit },
  'binary:logitraw': identity,
  'binary:hinge': { link: { kind: 'hinge' }, toMargin: score => score },
  'multi:softmax': softmax,
  'multi:softprob': softmax,
  'count:poisson': logarithmic,
  'reg:gamma': logarithmic,
  'reg:tweedie': logarithmic,
  'survival:cox': logarithmic,
  'survival:aft': logarithmic,
  'rank:pairwise': identity,
  'rank:ndcg': identity,
  'rank:map': identity,
};

/** @throws ColdpressError BOOSTER_UNSUPPORTED */
export function objectiveOf(name: string): Objective {
  const found = Object.hasOwn(objectives, name) ? objectives[name] : undefined;
  if (found === undefined) {
    throw unsupported('XGBoost', `the objective "${name}"`);
  }
  return found;
}

/**
 * What the sums of each group begin with, in 32-bit floats as the library computes them.
 * @param text - `5E-1`, or since version 3.1 `[5E-1]`, one for all or one for each group
 */
export function baseMargins(text: string, groups: number, { toMargin }: Objective): number[] {
  const scores = text
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map(Number);
  if (![1, groups].includes(scores.length) || !scores.every(Number.isFinite)) {
    throw invalid('XGBoost', `its base_score is ${JSON.stringify(text.slice(0, 60))}`);
  }
  return Array.from({ length: groups }, (_, group) => {
    const margin = Math.fround(toMargin(Math.fround(scores[group % scores.length]!)));
    if (!Number.isFinite(margin)) {
      throw invalid('XGBoost', `its base_score ${text} is out of the range of its objective`);
    }
    return margin;
  });
}
