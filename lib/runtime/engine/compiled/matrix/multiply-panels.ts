/** Columns stored next to each other; the next 16 begin after all rows of these. */
export const panelColumns = 16;

/** Multiplies like `sgemm.wat`, for platforms without WebAssembly. */
export function multiplyPanels(
  panels: Float32Array,
  {
    rows,
    products,
    depth,
    stride,
    rowCount,
  }: { rows: Float32Array; products: Float32Array; depth: number; stride: number; rowCount: number },
): void {
  for (let row = 0; row < rowCount; row++) {
    for (let column = 0; column < stride; column++) {
      let at = Math.floor(column / panelColumns) * depth * panelColumns + (column % panelColumns);
      const start = row * depth;
      let sum = 0;
      for (let i = 0; i < depth; i++, at += panelColumns) {
        sum += rows[start + i]! * panels[at]!;
      }
      products[row * stride + column] = sum;
    }
  }
}
