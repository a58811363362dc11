/** Every kernel, by the name that programs know it by. A module does nothing when it is loaded, so that a bundle can leave it out. */

export {
  celu,
  elu,
  hardSigmoid,
  hardSwish,
  leakyRelu,
  mish,
  selu,
  softplus,
  softsign,
  swish,
  thresholdedRelu,
} from './activations.ts';
export { arrayFeatureExtractor } from './array-feature-extractor.ts';
export { binarizer } from './binarizer.ts';
export { conv } from './conv.ts';
export { featureVectorizer } from './feature-vectorizer.ts';
export { gemm } from './gemm.ts';
export { globalAveragePool, globalMaxPool } from './global-pool.ts';
export { imputer } from './imputer.ts';
export { labelEncoder } from './label-encoder.ts';
export { linearClassifier } from './linear/classifier.ts';
export { linearRegressor } from './linear/regressor.ts';
export { matMul } from './mat-mul.ts';
export { matMulInteger } from './mat-mul-integer.ts';
export { batchNormalization, instanceNormalization, layerNormalization } from './normalization.ts';
export { normalizer } from './normalizer.ts';
export { oneHotEncoder } from './one-hot-encoder.ts';
export { averagePool, lpPool, maxPool } from './pool.ts';
export { prelu } from './prelu.ts';
export { dequantizeLinear, dynamicQuantizeLinear, quantizeLinear } from './quantization.ts';
export { gru } from './recurrent/gru.ts';
export { lstm } from './recurrent/lstm.ts';
export { rnn } from './recurrent/rnn.ts';
export { relu } from './relu.ts';
export { resize } from './resize.ts';
export { scaler } from './scaler.ts';
export { stringNormalizer } from './string-normalizer.ts';
export { svmClassifier } from './svm/classifier.ts';
export { svmRegressor } from './svm/regressor.ts';
export { tfIdfVectorizer } from './tf-idf-vectorizer.ts';
export { treeEnsembleClassifier } from './trees/classifier.ts';
export { treeEnsembleRegressor } from './trees/regressor.ts';
