import type { Rule } from './rule.ts';
import { inputType } from './same-type.ts';

const floats = ['float32', 'float64'] as const;

/** Products of matrices, and of rows by one. */
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
  MatMulInteger: node => {
    inputType(node, 0, ['uint8', 'int8']);
    inputType(node, 1, ['uint8', 'int8']);
    return { kernel: 'matMulInteger', types: ['int32'] };
  },
};
