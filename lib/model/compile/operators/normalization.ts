import type { OperatorNode } from '../node.ts';
import type { Rule } from './rule.ts';
import { inputType } from './same-type.ts';

const floats = ['float32', 'float64'] as const;

/** Operators that shift and scale by mean and variance. */
export const normalizationOperators: Record<string, Rule> = {
  BatchNormalization: node => {
    if (node.int('training_mode', 0) !== 0 || node.int('spatial', 1) !== 1) {
      node.refuse('training, and statistics of single places, are not covered');
    }
    node.ignore('momentum', 'is_test', 'consumed_inputs');
    return normalization(node, 'batchNormalization');
  },
  InstanceNormalization: node => normalization(node, 'instanceNormalization'),
  LayerNormalization: node => {
    node.ignore('stash_type');
    return normalization(node, 'layerNormalization', { axis: node.int('axis', -1) });
  },
};

function normalization(node: OperatorNode, kernel: string, more: Record<string, number> = {}) {
  if (node.outputCount > 1) {
    node.refuse('outputs but the first are not covered');
  }
  return {
    kernel,
    settings: { epsilon: node.float('epsilon', 1e-5), ...more },
    types: [inputType(node, 0, floats)],
  };
}
