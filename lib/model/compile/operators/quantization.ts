import type { OperatorNode } from '../node.ts';
import type { ValueType } from '../value.ts';
import type { Rule } from './rule.ts';
import { inputType } from './same-type.ts';

const integers = ['uint8', 'int8', 'uint16', 'int16'] as const;

/** Between floats and the whole numbers that stand for them. */
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
