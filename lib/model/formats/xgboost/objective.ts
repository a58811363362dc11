import type { Link } from '../booster.ts';
import { invalid, unsupported } from '../invalid.ts';
import { isSince } from './version.ts';

interface Objective {
  link: Link;
  /**
   * Converts `base_score`, which is on the scale of answers, to the initial value of the sums.
   * @param previous - the score of the previous group
   */
  toMargin(score: number, previous?: number): number;
}

const identity = { link: { kind: 'identity' }, toMargin: score => score } satisfies Objective;
const logarithmic = { link: { kind: 'exp' }, toMargin: score => Math.log(score) } satisfies Objective;
const { fround } = Math;
/** `kRtEps` of XGBoost. */
const least = fround(1e-6);
/** Rounds to 32-bit floats after each step, as XGBoost does. */
const logit = (score: number) => -Math.log(fround(fround(1 / score) - 1));
const boundedLogit = (score: number) => logit(Math.min(Math.max(score, least), fround(1 - least)));
const logistic = (link: Link): Objective => ({ link, toMargin: logit });
const boundedLogistic = (link: Link): Objective => ({ link, toMargin: boundedLogit });
const softmax = { link: { kind: 'softmax' }, toMargin: score => score } satisfies Objective;

/** Inverse of `increments` of lib/runtime/engine/compiled/kernels/boosting/levels.ts. */
function toIncrement(score: number, previous?: number): number {
  if (previous === undefined) {
    return score;
  }
  const step = Math.max(fround(fround(score - previous) - least), least);
  return step + fround(Math.log(-fround(Math.expm1(-step))));
}

/** From `ProbToMargin` and `PredTransform` in https://github.com/dmlc/xgboost/tree/master/src/objective */
const objectives: Record<string, Objective> = {
  'reg:squarederror': identity,
  'reg:linear': identity,
  'reg:squaredlogerror': identity,
  'reg:pseudohubererror': identity,
  'reg:absoluteerror': identity,
  'reg:quantileerror': identity,
  'reg:expectileerror': { link: { kind: 'increments' }, toMargin: toIncrement },
  'reg:logistic': logistic({ kind: 'sigmoid', sigmoid: 1 }),
  'binary:logistic': logistic({ kind: 'binary', sigmoid: 1 }),
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

/** Objectives that later versions compute differently. */
const changes: { since: [major: number, minor: number]; objectives: Record<string, Objective> }[] = [
  {
    since: [3, 2],
    objectives: {
      'reg:logistic': boundedLogistic({ kind: 'sigmoid', sigmoid: 1 }),
      'binary:logistic': boundedLogistic({ kind: 'binary', sigmoid: 1 }),
    },
  },
  {
    since: [3, 4],
    objectives: { 'reg:quantileerror': { link: { kind: 'ascending' }, toMargin: score => score } },
  },
];

/**
 * @param version - version of XGBoost that saved the model
 * @throws ColdpressError BOOSTER_UNSUPPORTED
 */
export function objectiveOf(name: string, version: readonly number[]): Objective {
  const later = changes.filter(({ since }) => isSince(version, since)).map(change => change.objectives);
  const known: Record<string, Objective> = Object.assign({}, objectives, ...later);
  const found = Object.hasOwn(known, name) ? known[name] : undefined;
  if (found === undefined) {
    throw unsupported('XGBoost', `the objective "${name}"`);
  }
  return found;
}

/**
 * Returns the initial value of each group's sums, in 32-bit floats as the library computes them.
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
  const all = Array.from({ length: groups }, (_, group) => fround(scores[group % scores.length]!));
  return all.map((score, group) => {
    const margin = fround(toMargin(score, all[group - 1]));
    if (!Number.isFinite(margin)) {
      throw invalid('XGBoost', `its base_score ${text} is out of the range of its objective`);
    }
    return margin;
  });
}
