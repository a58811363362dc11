import type { PreparedMatrix } from './prepare-matrix.ts';

/**
 * Multiplies rows by a prepared matrix, a block at a time.
 * @param fill - puts `count` rows, from `first` on, into `rows`
 * @param take - is given their products, `stride` numbers from row to row
 */
export function timesPrepared(
  matrix: PreparedMatrix,
  rowCount: number,
  fill: (rows: Float32Array, first: number, count: number) => void,
  take: (products: Float32Array, first: number, count: number) => void,
): void {
  for (let first = 0; first < rowCount; first += matrix.blockRows) {
    const count = Math.min(matrix.blockRows, rowCount - first);
    fill(matrix.rows, first, count);
    matrix.multiply(count);
    take(matrix.products, first, count);
  }
}
