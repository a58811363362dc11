import type { OperatorNode } from '../node.ts';
import type { Rule } from './rule.ts';
import { inputType } from './same-type.ts';

const floats = ['float32', 'float64'] as const;

/** Activation functions, applied to each element. Defaults are those of the operators. */
export const activationOperators: Record<string, Rule> = {
  LeakyRelu: node => activation(node, 'leakyRelu', { alpha: 0.01 }),
  Elu: node => activation(node, 'elu', { alpha: 1 }),
  Celu: node => activation(node, 'celu', { alpha: 1 }),
  Selu: node => activation(node, 'selu', { alpha: 1.6732631921768188, gamma: 1.0507010221481323 }),
  ThresholdedRelu: node => activation(node, 'thresholdedRelu', { alpha: 1 }),
  HardSigmoid: node => activation(node, 'hardSigmoid', { alpha: 0.2, beta: 0.5 }),
  HardSwish: node => activation(node, 'hardSwish'),
  Softplus: node => activation(node, 'softplus'),
  Softsign: node => activation(node, 'softsign'),
  Mish: node => activation(node, 'mish'),
  Swish: node => activation(node, 'swish', { alpha: 1 }),
  PRelu: node => activation(node, 'prelu'),
  Dropout: node => {
    const training = node.inputs[2];
    if (node.outputCount > 1 || (training !== undefined && training.constant?.data[0] !== 0)) {
      node.refuse('masks and training are not covered');
    }
    node.ignore('ratio', 'seed', 'is_test');
    return { sameAs: 0 };
  },
};

function activation(node: OperatorNode, kernel: string, defaults: Record<string, number> = {}) {
  const settings = Object.fromEntries(
    // Rounded because attributes are float32.
    Object.entries(defaults).map(([name, value]) => [name, node.float(name, Math.fround(value))]),
  );
  node.ignore('consumed_inputs');
  return { kernel, settings, types: [inputType(node, 0, floats)] };
}
