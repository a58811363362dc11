import type { OperatorNode } from '../node.ts';
import { type PackedTrees, packTrees, type WideTrees } from './pack-trees.ts';

/** The nodes of an ensemble in the model's own order; lists of equal length. */
export interface TreeNodes {
  /** The first node of each tree. */
  roots: number[];
  features: ArrayLike<number>;
  values: ArrayLike<number>;
  /** Modes by the compiled engine's numbers; LEAF is a leaf. */
  modes: ArrayLike<number>;
  /** Positions of the children; -1 for a leaf. */
  trueChildren: ArrayLike<number>;
  falseChildren: ArrayLike<number>;
  /** Whether NaN goes to the true child. */
  missing: ArrayLike<number>;
  /** Returns a leaf's weights, in the model's order. */
  weightsOf(position: number): { target: number; weight: number }[];
}

export const modes = [
  'BRANCH_LEQ',
  'BRANCH_LT',
  'BRANCH_GTE',
  'BRANCH_GT',
  'BRANCH_EQ',
  'BRANCH_NEQ',
  'LEAF',
];
export const LEAF = modes.indexOf('LEAF');

/**
 * Lays out nodes in the order in which kernels walk them: each tree in pre-order, so that a node's false child follows
 * it directly. A node that several parents share is stored once.
 * @throws NotCovered for trees that ONNX Runtime rejects too: with a cycle, or a shared false child
 */
export function layTrees(
  node: OperatorNode,
  nodes: TreeNodes,
  { targetCount, isDouble }: { targetCount: number; isDouble: boolean },
): WideTrees | PackedTrees {
  const order = preOrder(node, nodes);
  const place = new Int32Array(nodes.features.length).fill(-1);
  for (const [index, position] of order.entries()) {
    place[position] = index;
  }
  const Values = isDouble ? Float64Array : Float32Array;
  const values = new Values(order.length);
  const next = new Int32Array(order.length);
  const features = new Int32Array(order.length).fill(-1);
  const branchModes = new Uint8Array(order.length);
  const missing = new Uint8Array(order.length);
  const weights: number[] = [];
  const targets: number[] = [];
  for (const [index, position] of order.entries()) {
    values[index] = nodes.values[position]!;
    if (nodes.modes[position] === LEAF) {
      const own = nodes.weightsOf(position);
      if (targetCount === 1) {
        values[index] = own[0]?.weight ?? values[index]!;
      } else {
        values[index] = own.length;
        next[index] = weights.length;
        for (const { target, weight } of own) {
          targets.push(target);
          weights.push(weight);
        }
      }
      branchModes[index] = LEAF;
      continue;
    }
    features[index] = nodes.features[position]!;
    next[index] = place[nodes.trueChildren[position]!]!;
    branchModes[index] = nodes.modes[position]!;
    missing[index] = nodes.missing[position] === 1 ? 1 : 0;
  }
  const columns = features.reduce((most, feature) => Math.max(most, feature + 1), 0);
  const wide: WideTrees = {
    layout: 'wide',
    roots: Int32Array.from(nodes.roots, position => place[position]!),
    features,
    values,
    next,
    modes: branchModes,
    missing: missing.includes(1) ? missing : null,
    weights: Values.from(weights),
    targets: isEveryTarget(targets, branchModes, targetCount) ? new Uint16Array() : targetArray(targets),
    targetCount,
    columns,
    isDouble,
  };
  return packTrees(wide) ?? wide;
}

/** Whether every leaf has one weight for each target, in order, so that targets need not be stored. */
function isEveryTarget(targets: number[], branchModes: Uint8Array, targetCount: number): boolean {
  const leaves = branchModes.reduce((count, mode) => count + Number(mode === LEAF), 0);
  return (
    targetCount > 1 &&
    targets.length === leaves * targetCount &&
    targets.every((target, index) => target === index % targetCount)
  );
}

function targetArray(targets: number[]): Uint16Array | Int32Array {
  return targets.every(target => target < 2 ** 16) ? Uint16Array.from(targets) : Int32Array.from(targets);
}

/** Returns positions of nodes: each tree from its root, false children first. */
function preOrder(node: OperatorNode, { roots, modes: nodeModes, trueChildren, falseChildren }: TreeNodes) {
  const order: number[] = [];
  const state = new Uint8Array(nodeModes.length);
  const [open, done] = [1, 2];
  for (const root of roots) {
    // Without recursion, because a tree may be deeper than the stack.
    const stack: { position: number; kind: 'root' | 'true' | 'false' | 'close' }[] = [
      { position: root, kind: 'root' },
    ];
    while (stack.length > 0) {
      const { position, kind } = stack.pop()!;
      if (kind === 'close') {
        state[position] = done;
        continue;
      }
      if (state[position] === open) {
        node.refuse('a node of a tree is its own descendant');
      }
      if (state[position] === done) {
        if (kind === 'false') {
          node.refuse('nodes of a tree share their false child');
        }
        continue;
      }
      order.push(position);
      if (nodeModes[position] === LEAF) {
        state[position] = done;
        continue;
      }
      state[position] = open;
      stack.push({ position, kind: 'close' });
      stack.push({ position: trueChildren[position]!, kind: 'true' });
      stack.push({ position: falseChildren[position]!, kind: 'false' });
    }
  }
  return order;
}
