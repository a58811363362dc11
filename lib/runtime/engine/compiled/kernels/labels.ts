import { EngineTensor } from '../../tensor.ts';

/** The labels of a classifier, of one kind. */
export type ClassLabels = BigInt64Array | string[];

/** A tensor of labels by their numbers. */
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
