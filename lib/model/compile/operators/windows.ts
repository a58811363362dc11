import type { OperatorNode } from '../node.ts';
import type { Rule, RuleSetting } from './rule.ts';
import { inputType } from './same-type.ts';

const floats = ['float32', 'float64'] as const;

/** Operators with a window that moves over the spatial axes. */
export const windowOperators: Record<string, Rule> = {
  Conv: node => {
    const type = inputType(node, 0, ['float32']);
    node.ignore('kernel_shape');
    if ((node.inputs[1]?.constant?.dims.length ?? 4) > 5) {
      node.refuse('more than three spatial dimensions are not covered');
    }
    return {
      kernel: 'conv',
      settings: { ...windowSettings(node), group: node.int('group', 1) },
      types: [type],
    };
  },
  MaxPool: node => {
    if (node.outputCount > 1) {
      node.refuse('its output "Indices" is not covered');
    }
    node.ignore('storage_order');
    return pool(node, 'maxPool');
  },
  AveragePool: node =>
    pool(node, 'averagePool', {
      countsPadding: node.int('count_include_pad', 0) !== 0,
      hasFast: node.opset < 19,
    }),
  LpPool: node => pool(node, 'lpPool', { p: node.int('p', 2) }),
  GlobalAveragePool: node => ({ kernel: 'globalAveragePool', types: [inputType(node, 0, floats)] }),
  GlobalMaxPool: node => ({ kernel: 'globalMaxPool', types: [inputType(node, 0, floats)] }),
};

function pool(node: OperatorNode, kernel: string, more: Record<string, RuleSetting> = {}) {
  const size = node.ints('kernel_shape');
  if (size.length > 3) {
    node.refuse('more than three spatial dimensions are not covered');
  }
  return {
    kernel,
    settings: { ...windowSettings(node), ceil: node.int('ceil_mode', 0) !== 0, kernel: size, ...more },
    types: [inputType(node, 0, floats)],
  };
}

export function windowSettings(node: OperatorNode) {
  return {
    autoPad: node.string('auto_pad', 'NOTSET'),
    pads: node.ints('pads'),
    strides: node.ints('strides'),
    dilations: node.ints('dilations'),
  };
}
