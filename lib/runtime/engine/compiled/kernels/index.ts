/** Every kernel, by the name that programs know it by. A module does nothing when it is loaded, so that a bundle can leave it out. */
export { relu } from './relu.ts';
export { treeEnsembleClassifier } from './trees/classifier.ts';
export { treeEnsembleRegressor } from './trees/regressor.ts';
