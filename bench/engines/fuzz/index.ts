import type { MakeCase } from './case.ts';
import { classifier, regressor } from './trees.ts';

/** Makers of random cases, by operator. */
export const generators: Record<string, MakeCase> = {
  TreeEnsembleClassifier: classifier,
  TreeEnsembleRegressor: regressor,
};
