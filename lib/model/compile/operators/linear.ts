import type { OperatorNode } from '../node.ts';
import type { ValueType } from '../value.ts';
import { readLabels } from './labels.ts';
import type { Rule } from './rule.ts';
import { inputType } from './same-type.ts';
import { oneOf, transforms } from './settings.ts';

const numbers: readonly ValueType[] = ['float32', 'float64', 'int64', 'int32'];

export const linearClassifier: Rule = node => {
  inputType(node, 0, numbers);
  node.ignore('multi_class');
  const coefficients = Float32Array.from(node.floats('coefficients'));
  const intercepts = Float32Array.from(node.floats('intercepts'));
  const { labels, type, count } = readLabels(node, ['classlabels_strings', 'classlabels_ints']);
  const transform = oneOf(node, 'post_transform', transforms);
  const scores = intercepts.length;
  checkColumns(node, coefficients, scores);
  if (scores > 1 && count < scores) {
    node.refuse(`${scores} scores and ${count} labels`);
  }
  if (scores === 1 && count !== 2) {
    node.refuse(`one score and ${count} labels`);
  }
  if (scores === 1 && transform === 'PROBIT') {
    node.refuse('ONNX Runtime leaves one of two scores unset');
  }
  // skl2onnx writes two classes as a row of coefficients and its opposite: sums are then opposite to the last bit.
  const isOpposite = scores === 2 && areOpposite(coefficients) && areOpposite(intercepts);
  const second = ({ length }: Float32Array) => (isOpposite ? length / 2 : 0);
  return {
    kernel: 'linearClassifier',
    settings: {
      coefficients: coefficients.slice(second(coefficients)),
      intercepts: intercepts.slice(second(intercepts)),
      labels,
      first: isOpposite ? 'opposite' : scores === 1 ? 'rest' : null,
      transform,
    },
    types: [type, 'float32'],
  };
};

/** Whether the second half of the numbers is the first half, negated. */
function areOpposite(numbers: Float32Array): boolean {
  const half = numbers.length / 2;
  return numbers.subarray(half).every((number, index) => number === -numbers[index]!);
}

export const linearRegressor: Rule = node => {
  // ONNX Runtime only accepts float32; samples must prove the answers for other types.
  inputType(node, 0, numbers);
  const targets = node.int('targets', 1);
  const coefficients = Float32Array.from(node.floats('coefficients'));
  const intercepts = node.floats('intercepts');
  checkColumns(node, coefficients, targets);
  return {
    kernel: 'linearRegressor',
    settings: {
      coefficients,
      intercepts: intercepts.length === targets ? Float32Array.from(intercepts) : null,
      targets,
      transform: oneOf(node, 'post_transform', transforms),
    },
    types: ['float32'],
  };
};

function checkColumns(node: OperatorNode, coefficients: Float32Array, rows: number): void {
  if (rows < 1 || coefficients.length === 0 || coefficients.length % rows !== 0) {
    node.refuse(`${coefficients.length} coefficients and ${rows} intercepts or targets`);
  }
}
