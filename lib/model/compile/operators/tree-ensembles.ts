import type { OperatorNode } from '../node.ts';
import type { ValueType } from '../value.ts';
import { readLabels } from './labels.ts';
import type { Rule } from './rule.ts';
import { inputType } from './same-type.ts';
import { oneOf, transforms } from './settings.ts';
import { readTreeAttributes } from './tree-attributes.ts';
import { LEAF, layTrees, type TreeNodes } from './trees.ts';

const numbers: readonly ValueType[] = ['float32', 'float64', 'int64', 'int32'];
const aggregates = ['SUM', 'AVERAGE', 'MIN', 'MAX'];

export const treeEnsembleClassifier: Rule = node => {
  const isDouble = inputType(node, 0, numbers) === 'float64';
  const { nodes, targetIds, weights, base } = readTreeAttributes(node, 'class');
  const { labels, type, count } = readLabels(node);
  checkTargets(node, targetIds, count);
  if (count < 2) {
    node.refuse(`${count} classes are not covered`);
  }
  if (base.length !== 0 && base.length !== count && (count !== 2 || base.length !== 1)) {
    node.refuse(`${base.length} base values of ${count} classes`);
  }
  const isBinary = count === 2 && new Set(targetIds).size === 1;
  const transform = oneOf(node, 'post_transform', transforms);
  const hasOneEach = isBinary && nodes.roots.length > 0 && everyLeafHasOne(nodes);
  const trees = layTrees(node, nodes, { targetCount: hasOneEach ? 1 : count, isDouble });
  const mayLackSecond =
    count === 2 &&
    base.length < 2 &&
    (hasOneEach || trees.targets.length > 0) &&
    !targetIds.every(target => target === 1);
  if (mayLackSecond && (transform === 'PROBIT' || (!isBinary && base.length === 1))) {
    node.refuse('ONNX Runtime leaves one of two scores unset');
  }
  // Whatever the integer labels, ONNX Runtime returns 0 and 1 for two classes with weights of their own.
  const isNumbered = count === 2 && !isBinary && type === 'int64';
  return {
    kernel: 'treeEnsembleClassifier',
    settings: {
      ...trees,
      base: numberArray(base, isDouble),
      transform,
      labels: isNumbered ? BigInt64Array.of(0n, 1n) : labels,
      isBinary,
      onlyClass: hasOneEach ? targetIds[0]! : null,
      isPositive: Array.from(weights).every(weight => !(weight < 0)),
    },
    types: [type, 'float32'],
  };
};

export const treeEnsembleRegressor: Rule = node => {
  const isDouble = inputType(node, 0, numbers) === 'float64';
  const { nodes, targetIds, base } = readTreeAttributes(node, 'target');
  const targetCount = node.int('n_targets', 0);
  checkTargets(node, targetIds, targetCount);
  if (base.length !== 0 && base.length !== targetCount) {
    node.refuse(`${base.length} base values of ${targetCount} targets`);
  }
  return {
    kernel: 'treeEnsembleRegressor',
    settings: {
      ...layTrees(node, nodes, { targetCount, isDouble }),
      operator: 'TreeEnsembleRegressor',
      aggregate: oneOf(node, 'aggregate_function', aggregates),
      base: numberArray(base, isDouble),
      transform: oneOf(node, 'post_transform', transforms),
      type: 'float32',
    },
    types: ['float32'],
  };
};

function everyLeafHasOne({ modes, weightsOf }: TreeNodes): boolean {
  return Array.from(modes).every((mode, position) => mode !== LEAF || weightsOf(position).length === 1);
}

function checkTargets(node: OperatorNode, targetIds: number[], count: number): void {
  const wrong = targetIds.find(target => target < 0 || target >= count);
  if (wrong !== undefined) {
    node.refuse(`a leaf has a weight for ${wrong} of ${count}`);
  }
}

function numberArray(values: number[], isDouble: boolean): Float32Array | Float64Array {
  return isDouble ? Float64Array.from(values) : Float32Array.from(values);
}
