import { activationOperators } from './activations.ts';
import { linearClassifier, linearRegressor } from './linear.ts';
import { matrixOperators } from './matrix.ts';
import { normalizationOperators } from './normalization.ts';
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
import { quantizationOperators } from './quantization.ts';
import { recurrentOperators } from './recurrent.ts';
import { resizeOperators } from './resize.ts';
import type { Rule } from './rule.ts';
import { sameType } from './same-type.ts';
import { svmClassifier, svmRegressor } from './svm.ts';
import { stringNormalizer, tfIdfVectorizer } from './text.ts';
import { treeEnsembleClassifier, treeEnsembleRegressor } from './tree-ensembles.ts';
import { windowOperators } from './windows.ts';

/** What the compiled engine covers: how each operator is lowered to a kernel. Those of other domains carry theirs. */
export const operators: Readonly<Record<string, Rule>> = {
  Identity: () => ({ sameAs: 0 }),
  Relu: sameType('relu', ['float32', 'float64']),
  StringNormalizer: stringNormalizer,
  TfIdfVectorizer: tfIdfVectorizer,

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
  'ai.onnx.ml.TreeEnsembleClassifier': treeEnsembleClassifier,
  'ai.onnx.ml.TreeEnsembleRegressor': treeEnsembleRegressor,
  ...activationOperators,
  ...matrixOperators,
  ...normalizationOperators,
  ...quantizationOperators,
  ...recurrentOperators,
  ...resizeOperators,
  ...windowOperators,
};
