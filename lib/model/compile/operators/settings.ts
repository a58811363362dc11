import type { OperatorNode } from '../node.ts';

/** What ai.onnx.ml's `post_transform` may be, the default first. */
export const transforms = ['NONE', 'SOFTMAX', 'LOGISTIC', 'SOFTMAX_ZERO', 'PROBIT'];

/**
 * A string attribute that has a few values, the first by default.
 * @throws NotCovered
 */
export function oneOf(node: OperatorNode, attribute: string, allowed: readonly string[]): string {
  const value = node.string(attribute, allowed[0]!);
  return allowed.includes(value) ? value : node.refuse(`${attribute} is "${value}"`);
}
