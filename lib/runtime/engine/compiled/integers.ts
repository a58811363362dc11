import type { EngineTensor } from '../tensor.ts';

/**
 * The elements of a tensor of whole numbers, as numbers: axes, sizes, positions.
 * @throws Error where one has no exact number
 */
export function integersOf({ data }: EngineTensor): number[] {
  return Array.from(data as BigInt64Array, Number);
}
