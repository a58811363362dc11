import type { PreparedMatrix } from './prepare-matrix.ts';

/**
 * Multiplies rows by a prepared matrix, one block at a time.
 * @param fill - writes `count` rows to `rows`, beginning with row `first`
 * @param take - receives their products, with `stride` numbers between rows
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
