import type { OperatorNode } from '../node.ts';

/** Values of ai.onnx.ml's `post_transform`, the default first. */
export const transforms = ['NONE', 'SOFTMAX', 'LOGISTIC', 'SOFTMAX_ZERO', 'PROBIT'];

/**
 * Reads a string attribute with a fixed set of values, of which the first is the default.
 * @throws NotCovered
 */
export function oneOf(node: OperatorNode, attribute: string, allowed: readonly string[]): string {
  const value = node.string(attribute, allowed[0]!);
  return allowed.includes(value) ? value : node.refuse(`${attribute} is "${value}"`);
}
