import type { MakeCase } from './case.ts';
import * as classical from './classical.ts';
import { classifier, ensemble, regressor } from './trees.ts';

/** Generators of random cases by operator. */
export const generators: Record<string, MakeCase> = {
  ArrayFeatureExtractor: classical.arrayFeatureExtractor,
  Binarizer: classical.binarizer,
  CategoryMapper: classical.categoryMapper,
  FeatureVectorizer: classical.featureVectorizer,
  Imputer: classical.imputer,
  LabelEncoder: classical.labelEncoder,
  LinearClassifier: classical.linearClassifier,
  LinearRegressor: classical.linearRegressor,
  Normalizer: classical.normalizer,
  OneHotEncoder: classical.oneHotEncoder,
  SVMClassifier: classical.svmClassifier,
  SVMRegressor: classical.svmRegressor,
  Scaler: classical.scaler,
  StringNormalizer: classical.stringNormalizer,
  TfIdfVectorizer: classical.tfIdfVectorizer,
  TreeEnsemble: ensemble,
  TreeEnsembleClassifier: classifier,
  TreeEnsembleRegressor: regressor,
};
