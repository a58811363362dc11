/** Positions of rows: element `e` of row `r` is at `floor(e / inner) * rows * inner + r * inner + e % inner`. */
export interface RowLayout {
  rows: number;
  /** Number of adjacent elements of a row. */
  inner: number;
  /** Number of elements of a row. */
  size: number;
}

export function rowLayout(dims: readonly number[], rowAxis: number | null): RowLayout {
  const all = dims.reduce((product, size) => product * size, 1);
  const rows = rowAxis === null ? 1 : (dims[rowAxis] ?? 1);
  const inner = rowAxis === null ? all : dims.slice(rowAxis + 1).reduce((product, size) => product * size, 1);
  return { rows, inner, size: rows === 0 ? 0 : all / rows };
}
