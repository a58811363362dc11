import { floats } from './elementwise.ts';
import type { Rule } from './rule.ts';
import { inputType } from './same-type.ts';

/** From opset 13 on, these operators work along one axis, by default the last. */
function softmaxLike(kernel: string): Rule {
  return node => {
    const isFlat = node.opset < 13;
    return {
      kernel,
      settings: { axis: node.int('axis', isFlat ? 1 : -1), isFlat },
      types: [inputType(node, 0, floats)],
    };
  };
}

/** Operators that turn scores into a distribution. */
export const softmaxOperators: Readonly<Record<string, Rule>> = {
  LogSoftmax: softmaxLike('logSoftmax'),
  Softmax: softmaxLike('softmax'),
};
