import type { RowLayout } from './row-layout.ts';
import type { TensorData } from './tensor-data.ts';

/** Number of projections of a wide tensor, such as an image or an embedding. */
export const PROJECTIONS = 16;

/**
 * Computes fixed random projections of rows: each element is added to or subtracted from one of them, by a hash of its
 * index. This is the sparsest of the random projections of Li, Hastie and Church, and costs one addition per element:
 * https://doi.org/10.1145/1150402.1150436
 * @returns one projection after another, with a number for each row
 */
export function project(data: TensorData, { rows, inner, size }: RowLayout): Float64Array {
  const sums = new Float64Array(PROJECTIONS * rows);
  for (let element = 0; element < size; element += 1) {
    const hash = mix(element);
    const to = (hash & (PROJECTIONS - 1)) * rows;
    const sign = hash & PROJECTIONS ? 1 : -1;
    let from = Math.floor(element / inner) * rows * inner + (element % inner);
    for (let row = 0; row < rows; row += 1, from += inner) {
      sums[to + row]! += sign * Number(data[from]);
    }
  }
  return sums;
}

/** The finaliser of MurmurHash3: every bit of a number affects every bit of its hash. */
function mix(value: number): number {
  let hash = value + 1;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
