/** Every kernel, by its name in programs. These modules have no side effects when loaded, so a bundle can omit them. */
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
export { argMax, argMin } from './arg-extreme.ts';
export { arrayFeatureExtractor } from './array-feature-extractor.ts';
export { binarizer } from './binarizer.ts';
export { boosterClasses, boosterPrediction } from './boosting/answers.ts';
export { boosterColumns } from './boosting/columns.ts';
export { boosterContributions } from './boosting/contributions.ts';
export { boosterLeaves } from './boosting/leaves.ts';
export { boosterLevels } from './boosting/levels.ts';
export { linearBooster, linearContributions } from './boosting/linear-booster.ts';
export { quadratureContributions } from './boosting/quadrature-contributions.ts';
export { lightGbmTrees, xgBoostTrees } from './boosting/sum-trees.ts';
export { cast } from './cast/cast.ts';
export { cdist } from './cdist.ts';
export { clip } from './clip.ts';
export { concat } from './concat.ts';
export { ifElse } from './control/if.ts';
export { loop } from './control/loop.ts';
export { scan } from './control/scan.ts';
export { conv } from './conv.ts';
export { cumSum } from './cumulate.ts';

export { einsum } from './einsum.ts';
export { add, div, max, mean, min, mod, mul, pow, sub, sum } from './elementwise/arithmetic.ts';
export { and, equal, greater, greaterOrEqual, less, lessOrEqual, or, xor } from './elementwise/comparison.ts';
export {
  abs,
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atanh,
  ceil,
  cos,
  cosh,
  erf,
  exp,
  floor,
  isInf,
  isNotANumber,
  log,
  neg,
  not,
  reciprocal,
  round,
  sigmoid,
  sign,
  sin,
  sinh,
  sqrt,
  tan,
  tanh,
} from './elementwise/functions.ts';
export { featureVectorizer } from './feature-vectorizer.ts';
export { gather, gatherElements, gatherNd } from './gather.ts';
export { gemm } from './gemm.ts';
export { globalAveragePool } from './global-pool.ts';
export { imputer } from './imputer.ts';
export { labelEncoder } from './label-encoder.ts';
export { linearClassifier } from './linear/classifier.ts';
export { encodedClassifier, encodedRegressor } from './linear/encoded.ts';
export { linearRegressor } from './linear/regressor.ts';
export { matMul } from './mat-mul.ts';
export { globalMaxPool, maxPool } from './max-pool.ts';
export { batchNormalization, instanceNormalization, layerNormalization } from './normalization.ts';
export { normalizer } from './normalizer.ts';
export { oneHot } from './one-hot.ts';
export { oneHotEncoder } from './one-hot-encoder.ts';
export { pad } from './pad.ts';
export { averagePool, lpPool } from './pool.ts';
export { prelu } from './prelu.ts';
export { qLinearConcat } from './quantized/concat.ts';
export { convInteger, qLinearConv } from './quantized/conv.ts';
export { qLinearLeakyRelu, qLinearSigmoid } from './quantized/functions.ts';
export { qLinearGlobalAveragePool } from './quantized/global-average-pool.ts';
export { dequantizeLinear, dynamicQuantizeLinear, quantizeLinear } from './quantized/linear.ts';
export { matMulInteger, qLinearMatMul } from './quantized/mat-mul.ts';
export { qLinearAdd, qLinearMul } from './quantized/pairs.ts';
export { gru } from './recurrent/gru.ts';
export { lstm } from './recurrent/lstm.ts';
export { rnn } from './recurrent/rnn.ts';
export {
  reduceL1,
  reduceL2,
  reduceLogSum,
  reduceLogSumExp,
  reduceMax,
  reduceMean,
  reduceMin,
  reduceProd,
  reduceSum,
  reduceSumSquare,
} from './reduce.ts';
export { relu } from './relu.ts';
export { expand, tile } from './repeat.ts';
export { flatten, reshape, squeeze, unsqueeze } from './reshape.ts';
export { resize } from './resize.ts';
export { scaler } from './scaler.ts';
export { scatterElements, scatterNd } from './scatter.ts';
export { compress, nonZero } from './select.ts';
export { concatFromSequence, sequenceAt, sequenceConstruct } from './sequence.ts';
export { constantOfShape, range, shape, size } from './shape.ts';
export { slice } from './slice.ts';
export { logSoftmax, softmax } from './softmax.ts';
export { solve } from './solve.ts';
export { split } from './split.ts';
export { stringNormalizer } from './string-normalizer.ts';
export { svmClassifier } from './svm/classifier.ts';
export { svmRegressor } from './svm/regressor.ts';
export { tfIdfVectorizer } from './tf-idf-vectorizer.ts';
export { tokenizer } from './tokenizer.ts';
export { topK } from './top-k.ts';
export { transpose } from './transpose.ts';
export { treeEnsembleClassifier } from './trees/classifier.ts';
export { treeEnsembleRegressor } from './trees/regressor.ts';
export { trilu } from './trilu.ts';
export { where } from './where.ts';
