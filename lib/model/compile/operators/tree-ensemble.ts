import type { OperatorNode } from '../node.ts';
import type { ConstantValue } from '../value.ts';
import type { Rule } from './rule.ts';
import { inputType } from './same-type.ts';
import { LEAF, layTrees, type TreeNodes } from './trees.ts';

/** Aggregate functions by the operator's numbers. */
const aggregates = ['AVERAGE', 'SUM', 'MIN', 'MAX'];
/** Transforms by ONNX Runtime 1.30's numbers. The specification has 1 for SOFTMAX and 2 for LOGISTIC. */
const transforms = ['NONE', 'LOGISTIC', 'SOFTMAX', 'SOFTMAX_ZERO', 'PROBIT'];
/** The mode BRANCH_MEMBER, whose sets are in `membership_values`. */
const MEMBER = 6;

/** Separates inner nodes and leaves (ai.onnx.ml 5): https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsemble.html */
export const treeEnsemble: Rule = node => {
  const type = inputType(node, 0, ['float32', 'float64']);
  node.ignore('membership_values', 'nodes_hitrates');
  const nodes = readNodes(node);
  const targetCount = node.int('n_targets', 1);
  const wrong = node.ints('leaf_targetids').find(target => target < 0 || target >= targetCount);
  if (wrong !== undefined) {
    node.refuse(`a leaf has a weight for ${wrong} of ${targetCount}`);
  }
  const isDouble = type === 'float64';
  return {
    kernel: 'treeEnsembleRegressor',
    settings: {
      ...layTrees(node, nodes, { targetCount, isDouble }),
      operator: 'TreeEnsemble',
      aggregate: numbered(node, 'aggregate_function', aggregates, 1),
      base: isDouble ? new Float64Array() : new Float32Array(),
      transform: numbered(node, 'post_transform', transforms, 0),
      type: isDouble ? 'float64' : 'float32',
    },
    types: [type],
  };
};

/** Adds leaves after the inner nodes, one for each branch that ends in a leaf; several may end in the same leaf. */
function readNodes(node: OperatorNode): TreeNodes {
  const features = node.ints('nodes_featureids');
  const count = features.length;
  const splits = numbers(node.tensor('nodes_splits'));
  const nodeModes = numbers(node.tensor('nodes_modes'));
  const weights = numbers(node.tensor('leaf_weights'));
  const targets = node.ints('leaf_targetids');
  const leaves: number[] = [];
  const children = (side: 'true' | 'false'): number[] => {
    const ids = node.ints(`nodes_${side}nodeids`);
    const isLeaf = node.ints(`nodes_${side}leafs`);
    if (ids.length !== count || isLeaf.length !== count) {
      node.refuse('its lists of nodes differ in length');
    }
    return ids.map((id, index) => {
      const most = isLeaf[index] === 1 ? targets.length : count;
      if (id < 0 || id >= most) {
        node.refuse(`nodes_${side}nodeids has ${id}`);
      }
      return isLeaf[index] === 1 ? count + leaves.push(id) - 1 : id;
    });
  };
  const [trueChildren, falseChildren] = [children('true'), children('false')];
  const roots = node.ints('tree_roots');
  if ([splits, nodeModes].some(list => list.length !== count) || weights.length !== targets.length) {
    node.refuse('its lists have several lengths');
  }
  if (roots.some(root => root < 0 || root >= count) || features.some(feature => feature < 0)) {
    node.refuse('tree_roots or nodes_featureids has a number out of range');
  }
  if (nodeModes.some(mode => mode >= MEMBER)) {
    node.refuse('BRANCH_MEMBER is not covered');
  }
  const ofLeaves = (value: number) => leaves.map(() => value);
  return {
    roots,
    features: [...features, ...ofLeaves(0)],
    values: [...splits, ...ofLeaves(0)],
    modes: [...nodeModes, ...ofLeaves(LEAF)],
    trueChildren: [...trueChildren, ...ofLeaves(-1)],
    falseChildren: [...falseChildren, ...ofLeaves(-1)],
    missing: node.ints('nodes_missing_value_tracks_true'),
    weightsOf(position) {
      const leaf = leaves[position - count]!;
      return [{ target: targets[leaf]!, weight: weights[leaf]! }];
    },
  };
}

function numbers(tensor: ConstantValue | undefined): number[] {
  return Array.from((tensor?.data ?? []) as Float64Array);
}

function numbered(
  node: OperatorNode,
  attribute: string,
  names: readonly string[],
  byDefault: number,
): string {
  const value = node.int(attribute, byDefault);
  return names[value] ?? node.refuse(`${attribute} is ${value}`);
}
