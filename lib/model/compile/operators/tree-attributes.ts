import type { OperatorNode } from '../node.ts';
import { LEAF, modes, type TreeNodes } from './trees.ts';

/** The nodes of TreeEnsembleClassifier and TreeEnsembleRegressor, and the attributes that both have. */
export interface TreeAttributes {
  nodes: TreeNodes;
  targetIds: number[];
  weights: ArrayLike<number>;
  base: number[];
}

/**
 * Reads the attributes of an ensemble of ai.onnx.ml 1 to 4.
 * @param role - the operator's word for a target: `class` or `target`
 * @throws NotCovered for nodes that ONNX Runtime rejects too
 */
export function readTreeAttributes(node: OperatorNode, role: 'class' | 'target'): TreeAttributes {
  node.ignore('nodes_hitrates', 'nodes_hitrates_as_tensor');
  const floats = (name: string): ArrayLike<number> =>
    (node.tensor(`${name}_as_tensor`)?.data as Float64Array | undefined) ?? node.floats(name);
  const treeIds = node.ints('nodes_treeids');
  const nodeIds = node.ints('nodes_nodeids');
  const nodeModes = node.strings('nodes_modes').map(mode => {
    const known = modes.indexOf(mode);
    return known >= 0 ? known : node.refuse(`nodes_modes has "${mode}"`);
  });
  const features = node.ints('nodes_featureids');
  const values = floats('nodes_values');
  const trueIds = node.ints('nodes_truenodeids');
  const falseIds = node.ints('nodes_falsenodeids');
  const missing = node.ints('nodes_missing_value_tracks_true');
  const targetIds = node.ints(`${role}_ids`);
  const weights = floats(`${role}_weights`);
  const sameLength = [nodeIds, nodeModes, features, values, trueIds, falseIds];
  if (sameLength.some(list => list.length !== treeIds.length)) {
    node.refuse('its lists of nodes differ in length');
  }
  if (features.some((feature, index) => feature < 0 && nodeModes[index] !== LEAF)) {
    node.refuse('nodes_featureids has a negative one');
  }
  const find = positions(node, treeIds, nodeIds);
  const child = (ids: number[]) =>
    Int32Array.from(ids, (id, index) => (nodeModes[index] === LEAF ? -1 : find(treeIds[index]!, id)));
  return {
    nodes: {
      roots: treeIds.flatMap((id, index) => (index === 0 || id !== treeIds[index - 1] ? [index] : [])),
      features,
      values,
      modes: nodeModes,
      trueChildren: child(trueIds),
      falseChildren: child(falseIds),
      missing,
      weightsOf: groupWeights(node, { role, targetIds, weights, find }),
    },
    targetIds,
    weights,
    base: Array.from(floats('base_values')),
  };
}

/** Returns a function that finds a node's position by its tree and its number in that tree. */
function positions(node: OperatorNode, treeIds: number[], nodeIds: number[]) {
  const trees = new Map<number, Map<number, number>>();
  for (const [index, tree] of treeIds.entries()) {
    const own = trees.get(tree) ?? new Map<number, number>();
    if (own.has(nodeIds[index]!)) {
      node.refuse(`node ${nodeIds[index]} of tree ${tree} is there twice`);
    }
    own.set(nodeIds[index]!, index);
    trees.set(tree, own);
  }
  return (tree: number, id: number): number =>
    trees.get(tree)?.get(id) ?? node.refuse(`tree ${tree} has no node ${id}`);
}

/** Returns the weights of each leaf, in the order of the attributes; those of inner nodes are ignored. */
function groupWeights(
  node: OperatorNode,
  {
    role,
    targetIds,
    weights,
    find,
  }: {
    role: string;
    targetIds: number[];
    weights: ArrayLike<number>;
    find: (tree: number, id: number) => number;
  },
): TreeNodes['weightsOf'] {
  const treeIds = node.ints(`${role}_treeids`);
  const nodeIds = node.ints(`${role}_nodeids`);
  if ([treeIds, nodeIds, weights].some(list => list.length !== targetIds.length)) {
    node.refuse(`its lists of ${role}s have several lengths`);
  }
  const grouped = new Map<number, { target: number; weight: number }[]>();
  for (const [index, target] of targetIds.entries()) {
    const position = find(treeIds[index]!, nodeIds[index]!);
    const own = grouped.get(position) ?? [];
    own.push({ target, weight: weights[index]! });
    grouped.set(position, own);
  }
  return position => grouped.get(position) ?? [];
}
