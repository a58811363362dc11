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

/** Operators of ONNX Runtime itself. */
export const microsoftOperators: Readonly<Record<string, Rule>> = {
  'com.microsoft.CDist': cdist,
};
