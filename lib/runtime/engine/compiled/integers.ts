import type { EngineTensor } from '../tensor.ts';

/**
 * Returns the elements of an integer tensor as numbers: axes, sizes, positions.
 * @throws Error if an element has no exact number
 */
export function integersOf({ data }: EngineTensor): number[] {
  return Array.from(data as BigInt64Array, Number);
}
