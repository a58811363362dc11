/** Every kernel, by the name that programs know it by. A module does nothing when it is loaded, so that a bundle can leave it out. */
export { arrayFeatureExtractor } from './array-feature-extractor.ts';
export { binarizer } from './binarizer.ts';
export { featureVectorizer } from './feature-vectorizer.ts';
export { imputer } from './imputer.ts';
export { labelEncoder } from './label-encoder.ts';
export { linearClassifier } from './linear/classifier.ts';
export { linearRegressor } from './linear/regressor.ts';
export { normalizer } from './normalizer.ts';
export { oneHotEncoder } from './one-hot-encoder.ts';
export { relu } from './relu.ts';
export { scaler } from './scaler.ts';
export { stringNormalizer } from './string-normalizer.ts';
export { svmClassifier } from './svm/classifier.ts';
export { svmRegressor } from './svm/regressor.ts';
export { tfIdfVectorizer } from './tf-idf-vectorizer.ts';
export { treeEnsembleClassifier } from './trees/classifier.ts';
export { treeEnsembleRegressor } from './trees/regressor.ts';
