const { fround } = Math;

/**
 * Multiplies like `sgemm.wat`, for platforms without WebAssembly: each product is added before rounding, and a double
 * represents it exactly. Four rows at a time, because each sum mostly waits for its previous product; rows are read, and
 * products written, up to a multiple of 4.
 */
export function multiplyPanels(
  panels: Float32Array,
  {
    rows,
    products,
    depth,
    columns,
    panelColumns,
    stride,
    rowCount,
  }: {
    rows: Float32Array;
    products: Float32Array;
    depth: number;
    columns: number;
    panelColumns: number;
    stride: number;
    rowCount: number;
  },
): void {
  for (let row = 0; row < rowCount; row += 4) {
    for (let column = 0; column < columns; column++) {
      let at = Math.floor(column / panelColumns) * depth * panelColumns + (column % panelColumns);
      let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
      for (let i = row * depth, end = i + depth; i < end; i++, at += panelColumns) {
        const weight = panels[at]!;
        sum0 = fround(rows[i]! * weight + sum0);
        sum1 = fround(rows[i + depth]! * weight + sum1);
        sum2 = fround(rows[i + 2 * depth]! * weight + sum2);
        sum3 = fround(rows[i + 3 * depth]! * weight + sum3);
      }
      const to = row * stride + column;
      products[to] = sum0;
      products[to + stride] = sum1;
      products[to + 2 * stride] = sum2;
      products[to + 3 * stride] = sum3;
    }
  }
}
