import type { TensorSpec } from '../../contract/manifest.ts';

/** The batch is the first dimension, where it is dynamic or 1. */
export function isBatched(shape: TensorSpec['shape']): boolean {
  const [first] = shape ?? [];
  return first === 1 || typeof first === 'string' || (first !== undefined && first < 0);
}

/** What one record has of an input; one of an unknown shape is taken for a list. */
export function innerShape({ shape }: TensorSpec): (number | string)[] {
  return shape === null ? [-1] : isBatched(shape) ? shape.slice(1) : shape;
}
