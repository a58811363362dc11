import type { ValueType } from '../value.ts';
import { floats, numbers } from './elementwise.ts';
import type { Rule } from './rule.ts';
import { inputType } from './same-type.ts';

/** @param inputFrom - the first opset in which the axes are an input */
function reduce(kernel: string, inputFrom: number, allowed: readonly ValueType[]): Rule {
  return node => {
    const axes = node.opset < inputFrom && node.has('axes') ? node.ints('axes') : null;
    return {
      kernel,
      settings: {
        axes,
        keepsDims: node.int('keepdims', 1) !== 0,
        isNoop: node.int('noop_with_empty_axes', 0) !== 0,
      },
      types: [inputType(node, 0, allowed)],
    };
  };
}

function argExtreme(kernel: string): Rule {
  return node => {
    inputType(node, 0, numbers);
    return {
      kernel,
      settings: {
        axis: node.int('axis', 0),
        keepsDims: node.int('keepdims', 1) !== 0,
        isLast: node.int('select_last_index', 0) !== 0,
      },
      types: ['int64'],
    };
  };
}

const reduced = ['float32', 'float64', 'int32', 'int64'] as const;

/** Operators that reduce many elements to one. */
export const reduceOperators: Readonly<Record<string, Rule>> = {
  ArgMax: argExtreme('argMax'),
  ArgMin: argExtreme('argMin'),
  ReduceL1: reduce('reduceL1', 18, reduced),
  ReduceL2: reduce('reduceL2', 18, reduced),
  ReduceLogSum: reduce('reduceLogSum', 18, floats),
  ReduceLogSumExp: reduce('reduceLogSumExp', 18, floats),
  ReduceMax: reduce('reduceMax', 18, numbers),
  ReduceMean: reduce('reduceMean', 18, reduced),
  ReduceMin: reduce('reduceMin', 18, numbers),
  ReduceProd: reduce('reduceProd', 18, reduced),
  ReduceSum: reduce('reduceSum', 13, reduced),
  ReduceSumSquare: reduce('reduceSumSquare', 18, reduced),
};
