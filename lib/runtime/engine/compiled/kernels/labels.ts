import { EngineTensor } from '../../tensor.ts';

/** The labels of a classifier, all of one kind. */
export type ClassLabels = BigInt64Array | string[];

/** Returns a tensor of labels, selected by their indices. */
export function labelTensor(labels: ClassLabels, classes: ArrayLike<number>): EngineTensor {
  const [type, data] = Array.isArray(labels)
    ? (['string', new Array<string>(classes.length)] as const)
    : (['int64', new BigInt64Array(classes.length)] as const);
  for (let row = 0; row < classes.length; row++) {
    data[row] = labels[classes[row]!]!;
  }
  return new EngineTensor(type, data, [classes.length]);
}
