import type { Rule } from './rule.ts';
import { sameType } from './same-type.ts';
import { treeEnsembleClassifier, treeEnsembleRegressor } from './tree-ensembles.ts';

/** What the compiled engine covers: how each operator is lowered to a kernel. Those of other domains carry theirs. */
export const operators: Readonly<Record<string, Rule>> = {
  Identity: () => ({ sameAs: 0 }),
  Relu: sameType('relu', ['float32', 'float64']),
  'ai.onnx.ml.TreeEnsembleClassifier': treeEnsembleClassifier,
  'ai.onnx.ml.TreeEnsembleRegressor': treeEnsembleRegressor,
};
