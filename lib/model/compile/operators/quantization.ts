import type { OperatorNode } from '../node.ts';
import type { ValueType } from '../value.ts';
import type { Rule, RuleSetting } from './rule.ts';
import { inputType } from './same-type.ts';
import { windowSettings } from './windows.ts';

const integers = ['uint8', 'int8', 'uint16', 'int16'] as const;

const bytes = ['uint8', 'int8'] as const;

/** An operator on quantised integers: inputs at `places` are integers, and the output has the type of one of them. */
function onBytes(
  kernel: string,
  { places, typeOf = 0 }: { places: number[]; typeOf?: number },
  settings: (node: OperatorNode) => Record<string, RuleSetting> = () => ({}),
): Rule {
  return node => {
    for (const place of places) {
      inputType(node, place, bytes);
    }
    return { kernel, settings: settings(node), types: [inputType(node, typeOf, bytes)] };
  };
}

function convolution(node: OperatorNode) {
  node.ignore('kernel_shape');
  if ((node.inputs[node.operator === 'ConvInteger' ? 1 : 3]?.constant?.dims.length ?? 4) > 5) {
    node.refuse('more than three spatial dimensions are not covered');
  }
  return { ...windowSettings(node), group: node.int('group', 1) };
}

function refuseChannelsLast(node: OperatorNode) {
  if (node.int('channels_last', 0) !== 0) {
    node.refuse('attribute "channels_last" is not covered');
  }
  return {};
}

const convInteger: Rule = node => {
  inputType(node, 0, bytes);
  inputType(node, 1, bytes);
  return { kernel: 'convInteger', settings: convolution(node), types: ['int32'] };
};

const qLinearConcat: Rule = node => {
  for (let place = 2; place < node.inputs.length; place += 3) {
    inputType(node, place, bytes);
  }
  return {
    kernel: 'qLinearConcat',
    settings: { axis: node.int('axis', 0) },
    types: [inputType(node, 1, bytes)],
  };
};

/** Operators that convert between floats and quantised integers, or compute with the latter. */
export const quantizationOperators: Record<string, Rule> = {
  QuantizeLinear: node => {
    inputType(node, 0, ['float32']);
    node.ignore('saturate');
    refuseBlocks(node);
    if (node.int('output_dtype', 0) !== 0 || node.int('precision', 0) !== 0) {
      node.refuse('attribute "output_dtype" is not covered');
    }
    const type: ValueType =
      node.inputs[2] === undefined ? 'uint8' : (inputType(node, 2, integers) ?? 'uint8');
    return { kernel: 'quantizeLinear', settings: { axis: node.int('axis', 1), type }, types: [type] };
  },
  DequantizeLinear: node => {
    inputType(node, 0, [...integers, 'int32']);
    inputType(node, 1, ['float32']);
    refuseBlocks(node);
    if (node.int('output_dtype', 0) > 1) {
      node.refuse('attribute "output_dtype" is not covered');
    }
    return { kernel: 'dequantizeLinear', settings: { axis: node.int('axis', 1) }, types: ['float32'] };
  },
  ConvInteger: convInteger,
  QLinearConv: onBytes('qLinearConv', { places: [0, 3], typeOf: 7 }, convolution),
  QLinearMatMul: onBytes('qLinearMatMul', { places: [0, 3], typeOf: 7 }),
  'com.microsoft.QLinearAdd': onBytes('qLinearAdd', { places: [0, 3] }),
  'com.microsoft.QLinearConcat': qLinearConcat,
  'com.microsoft.QLinearGlobalAveragePool': onBytes(
    'qLinearGlobalAveragePool',
    { places: [0] },
    refuseChannelsLast,
  ),
  'com.microsoft.QLinearLeakyRelu': onBytes('qLinearLeakyRelu', { places: [0] }, node => ({
    alpha: node.float('alpha', Math.fround(0.01)),
  })),
  'com.microsoft.QLinearMul': onBytes('qLinearMul', { places: [0, 3] }),
  'com.microsoft.QLinearSigmoid': onBytes('qLinearSigmoid', { places: [0] }),
  DynamicQuantizeLinear: node => {
    inputType(node, 0, ['float32']);
    return { kernel: 'dynamicQuantizeLinear', types: ['uint8', 'float32', 'uint8'] };
  },
};

function refuseBlocks(node: OperatorNode): void {
  if (node.int('block_size', 0) !== 0) {
    node.refuse('attribute "block_size" is not covered');
  }
}
