import type { OperatorNode } from '../node.ts';
import type { ValueType } from '../value.ts';

/** Reads the labels of a classifier, and the type of its first output. */
export function readLabels(
  node: OperatorNode,
  names = ['classlabels_strings', 'classlabels_int64s'],
): { labels: string[] | BigInt64Array; type: ValueType; count: number } {
  const strings = node.strings(names[0]!);
  const integers = node.bigints(names[1]!);
  return strings.length > 0
    ? { labels: strings, type: 'string', count: strings.length }
    : { labels: BigInt64Array.from(integers), type: 'int64', count: integers.length };
}
