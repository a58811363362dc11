import { EngineTensor } from '../../tensor.ts';

/** The labels of a classifier, all of one kind. */
export type ClassLabels = BigInt64Array | string[];

/** Returns a tensor of labels, selected by their indices. */
export function labelTensor(labels: ClassLabels, classes: Int32Array): EngineTensor {
  return Array.isArray(labels)
    ? new EngineTensor('string', selectWords(labels, classes), [classes.length])
    : new EngineTensor('int64', selectIntegers(labels, classes), [classes.length]);
}

function selectWords(labels: string[], classes: Int32Array): string[] {
  return Array.from(classes, index => labels[index]!);
}

/** Copies halves, because reading a bigint allocates it. */
function selectIntegers(labels: BigInt64Array, classes: Int32Array): BigInt64Array {
  const selected = new BigInt64Array(classes.length);
  const from = new Int32Array(labels.buffer, labels.byteOffset, 2 * labels.length);
  const to = new Int32Array(selected.buffer);
  for (let row = 0; row < classes.length; row++) {
    const at = 2 * classes[row]!;
    to[2 * row] = from[at]!;
    to[2 * row + 1] = from[at + 1]!;
  }
  return selected;
}
