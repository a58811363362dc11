import type { OperatorNode } from '../node.ts';
import type { ValueType } from '../value.ts';
import type { Rule } from './rule.ts';

/** An operator without attributes whose output has the type of its first input. */
export function sameType(kernel: string, allowed?: readonly ValueType[]): Rule {
  return node => ({ kernel, types: [inputType(node, 0, allowed)] });
}

/**
 * Returns the type of an input.
 * @throws NotCovered if the kernel does not support it
 */
export function inputType(
  node: OperatorNode,
  index: number,
  allowed?: readonly ValueType[],
): ValueType | undefined {
  const type = node.inputs[index]?.type;
  if (type !== undefined && allowed !== undefined && !allowed.includes(type)) {
    node.refuse(`input ${index} of type ${type} is not covered`);
  }
  return type;
}
