import { EngineTensor } from '../../tensor.ts';

/** The labels of a classifier, all of one kind. */
export type ClassLabels = BigInt64Array | string[];

/** Returns a tensor of labels, selected by their indices. */
export function labelTensor(labels: ClassLabels, classes: ArrayLike<number>): EngineTensor {
  const dims = [classes.length];
  return Array.isArray(labels)
    ? new EngineTensor(
        'string',
        Array.from(classes, index => labels[index]!),
        dims,
      )
    : new EngineTensor(
        'int64',
        BigInt64Array.from(classes, index => labels[index]!),
        dims,
      );
}
