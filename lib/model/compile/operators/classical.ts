import { linearClassifier, linearRegressor } from './linear.ts';
import {
  arrayFeatureExtractor,
  binarizer,
  categoryMapper,
  featureVectorizer,
  imputer,
  labelEncoder,
  normalizer,
  oneHotEncoder,
  scaler,
} from './preparation.ts';
import type { Rule } from './rule.ts';
import { svmClassifier, svmRegressor } from './svm.ts';
import { treeEnsemble } from './tree-ensemble.ts';
import { treeEnsembleClassifier, treeEnsembleRegressor } from './tree-ensembles.ts';

/** The operators of ai.onnx.ml. */
export const classicalOperators: Readonly<Record<string, Rule>> = {
  'ai.onnx.ml.ArrayFeatureExtractor': arrayFeatureExtractor,
  'ai.onnx.ml.Binarizer': binarizer,
  'ai.onnx.ml.CategoryMapper': categoryMapper,
  'ai.onnx.ml.FeatureVectorizer': featureVectorizer,
  'ai.onnx.ml.Imputer': imputer,
  'ai.onnx.ml.LabelEncoder': labelEncoder,
  'ai.onnx.ml.LinearClassifier': linearClassifier,
  'ai.onnx.ml.LinearRegressor': linearRegressor,
  'ai.onnx.ml.Normalizer': normalizer,
  'ai.onnx.ml.OneHotEncoder': oneHotEncoder,
  'ai.onnx.ml.Scaler': scaler,
  'ai.onnx.ml.SVMClassifier': svmClassifier,
  'ai.onnx.ml.SVMRegressor': svmRegressor,
  'ai.onnx.ml.TreeEnsemble': treeEnsemble,
  'ai.onnx.ml.TreeEnsembleClassifier': treeEnsembleClassifier,
  'ai.onnx.ml.TreeEnsembleRegressor': treeEnsembleRegressor,
};
