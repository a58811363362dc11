import { floats } from './elementwise.ts';
import type { Rule } from './rule.ts';
import { inputType } from './same-type.ts';
import { oneOf } from './settings.ts';

/** https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.CDist */
const cdist: Rule = node => ({
  kernel: 'cdist',
  settings: { isSquared: oneOf(node, 'metric', ['sqeuclidean', 'euclidean']) === 'sqeuclidean' },
  types: [inputType(node, 0, floats)],
});

/** https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.Tokenizer */
const tokenizer: Rule = node => {
  inputType(node, 0, ['string']);
  const separators = node.strings('separators');
  const expression = node.string('tokenexp', '');
  for (const pattern of [...separators, expression]) {
    if (!isPlainExpression(pattern)) {
      node.refuse(`the expression ${JSON.stringify(pattern)} may mean something else in JavaScript`);
    }
  }
  return {
    kernel: 'tokenizer',
    settings: {
      separators: separators.length > 0 ? separators : null,
      expression: separators.length > 0 ? null : expression,
      padding: node.string('pad_value', ''),
      marks: node.int('mark', 0) !== 0,
      leastCharacters: node.int('mincharnum', 1),
    },
    types: ['string'],
  };
};

/** RE2 and JavaScript agree on sets, repetitions and alternatives, and on character classes for ASCII. */
function isPlainExpression(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u');
  } catch {
    return false;
  }
  return !/\(\?|\\[bBpPkKQEAzCGZxuc\d]|\[\[:|\*\?|\+\?|\?\?/.test(pattern);
}

/** Not in any published domain: skl2onnx exports it for Gaussian processes, and only its own runtime supports it. */
const solve: Rule = node => {
  inputType(node, 1, floats);
  // It selects a triangle of a symmetric matrix, but the whole matrix is present anyway.
  node.ignore('lower');
  return {
    kernel: 'solve',
    settings: { isTransposed: node.int('transposed', 0) !== 0 },
    types: [inputType(node, 0, floats)],
  };
};

/** Operators of ONNX Runtime itself. */
export const microsoftOperators: Readonly<Record<string, Rule>> = {
  'com.microsoft.CDist': cdist,
  'com.microsoft.Solve': solve,
  'com.microsoft.Tokenizer': tokenizer,
};
