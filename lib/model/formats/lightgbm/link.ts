import type { Link } from '../booster.ts';
import { invalid, unsupported } from '../invalid.ts';

const identity: Link = { kind: 'identity' };

/** Objectives whose answer is the sum itself, or with `sqrt` its square. */
const sums = new Set([
  'regression',
  'regression_l1',
  'huber',
  'fair',
  'quantile',
  'mape',
  'lambdarank',
  'rank_xendcg',
  'none',
  'custom',
]);
const exponentials = new Set(['poisson', 'gamma', 'tweedie']);

/**
 * Returns how LightGBM computes answers from sums, by the line `objective=`, such as `binary sigmoid:1`.
 * See `ConvertOutput` of each class in https://github.com/microsoft/LightGBM/tree/master/src/objective
 * @param objective - `undefined` if the model has none: its answers are the sums
 */
export function linkOf(objective: string | undefined): Link {
  const [name = '', ...parameters] = (objective ?? 'none').split(/\s+/);
  const parameter = (key: string, byDefault: number) => {
    const found = parameters.find(part => part.startsWith(`${key}:`));
    const value = found === undefined ? byDefault : Number(found.slice(key.length + 1));
    if (!Number.isFinite(value)) {
      throw invalid('LightGBM', `its objective is "${objective}"`);
    }
    return value;
  };
  switch (name) {
    case 'binary':
      return { kind: 'binary', sigmoid: parameter('sigmoid', 1) };
    case 'cross_entropy':
    case 'xentropy':
      return { kind: 'binary', sigmoid: 1 };
    case 'cross_entropy_lambda':
    case 'xentlambda':
      return { kind: 'log1pExp' };
    case 'multiclass':
      return { kind: 'softmax' };
    case 'multiclassova':
      return { kind: 'oneAgainstAll', sigmoid: parameter('sigmoid', 1) };
  }
  if (exponentials.has(name)) {
    return { kind: 'exp' };
  }
  if (sums.has(name)) {
    return parameters.includes('sqrt') ? { kind: 'square' } : identity;
  }
  throw unsupported('LightGBM', `the objective "${name}"`);
}
