import type { Rule } from './rule.ts';
import { inputType } from './same-type.ts';

const floats = ['float32', 'float64'] as const;

const einsum: Rule = node => {
  for (const index of node.inputs.keys()) {
    inputType(node, index, floats);
  }
  const [left = '', right] = node.string('equation', '').replaceAll(' ', '').split('->');
  const inputs = left.split(',');
  // Without an arrow, the output has the labels that occur once, in alphabetical order.
  const output =
    right ??
    [...left.replaceAll(',', '')]
      .filter((label, at, all) => all.indexOf(label) === all.lastIndexOf(label) && at >= 0)
      .sort()
      .join('');
  const isPlain = [...inputs, output].every(term => /^[A-Za-z]*$/.test(term));
  if (!isPlain || inputs.length !== node.inputs.length || new Set(output).size !== output.length) {
    node.refuse(`the equation "${node.string('equation', '')}" is not covered`);
  }
  if ([...output].some(label => !left.includes(label))) {
    node.refuse('the output has an axis that no input has');
  }
  return { kernel: 'einsum', settings: { inputs, output }, types: [inputType(node, 0, floats)] };
};

/** Matrix products. */
export const matrixOperators: Record<string, Rule> = {
  MatMul: node => ({ kernel: 'matMul', types: [inputType(node, 0, floats)] }),
  Gemm: node => {
    const type = inputType(node, 0, floats);
    node.ignore('broadcast');
    return {
      kernel: 'gemm',
      settings: {
        alpha: node.float('alpha', 1),
        beta: node.float('beta', 1),
        isLeftTransposed: node.int('transA', 0) !== 0,
        isRightTransposed: node.int('transB', 0) !== 0,
      },
      types: [type],
    };
  },
  Einsum: einsum,
  MatMulInteger: node => {
    inputType(node, 0, ['uint8', 'int8']);
    inputType(node, 1, ['uint8', 'int8']);
    return { kernel: 'matMulInteger', types: ['int32'] };
  },
};
