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

/** All rows of the left, whatever dimensions they are in, by one matrix. */
export function timesShared(
  rows: Float32Array,
  matrix: PreparedMatrix,
  { out, depth, columns }: { out: Float32Array; depth: number; columns: number },
): void {
  timesPrepared(
    matrix,
    columns === 0 ? 0 : out.length / columns,
    (block, first, count) => block.set(rows.subarray(first * depth, (first + count) * depth)),
    (products, first, count) => {
      for (let row = 0; row < count; row++) {
        const at = row * matrix.stride;
        out.set(products.subarray(at, at + columns), (first + row) * columns);
      }
    },
  );
}
