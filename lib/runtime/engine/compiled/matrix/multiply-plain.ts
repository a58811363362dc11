/** A numeric matrix: its start in `data`, and the distance between rows and between columns. */
export interface Layout {
  data: Float32Array | Int16Array;
  offset: number;
  rowStride: number;
  columnStride: number;
}

/** Writes the product of two matrices, row by row, to `out` at `outOffset`; used if runs share neither matrix. */
export function multiplyPlain(
  a: Layout,
  b: Layout,
  { rows, depth, columns }: { rows: number; depth: number; columns: number },
  [out, outOffset]: [out: Float32Array | Int32Array, outOffset: number],
): void {
  const { data: left, columnStride: leftStep } = a;
  const { data: right, columnStride: step, rowStride: down } = b;
  for (let row = 0; row < rows; row++) {
    const start = a.offset + row * a.rowStride;
    const to = outOffset + row * columns;
    let column = 0;
    // Computes eight sums at a time, so that each number of the row is read once for all of them.
    for (; column + 8 <= columns; column += 8) {
      let [s0, s1, s2, s3, s4, s5, s6, s7] = [0, 0, 0, 0, 0, 0, 0, 0];
      let x = start;
      let y = b.offset + column * step;
      for (let i = 0; i < depth; i++, x += leftStep, y += down) {
        const value = left[x]!;
        s0 += value * right[y]!;
        s1 += value * right[y + step]!;
        s2 += value * right[y + 2 * step]!;
        s3 += value * right[y + 3 * step]!;
        s4 += value * right[y + 4 * step]!;
        s5 += value * right[y + 5 * step]!;
        s6 += value * right[y + 6 * step]!;
        s7 += value * right[y + 7 * step]!;
      }
      out.set([s0, s1, s2, s3, s4, s5, s6, s7], to + column);
    }
    for (; column < columns; column++) {
      let sum = 0;
      let x = start;
      let y = b.offset + column * step;
      for (let i = 0; i < depth; i++, x += leftStep, y += down) {
        sum += left[x]! * right[y]!;
      }
      out[to + column] = sum;
    }
  }
}
