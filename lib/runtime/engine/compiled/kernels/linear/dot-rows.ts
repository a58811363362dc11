const { fround } = Math;

/** Rows summed in parallel, because each sum mostly waits for its previous product. */
const lanes = 4;

/** A matrix in row-major order. */
export interface Matrix {
  data: Float32Array;
  rows: number;
  columns: number;
}

/**
 * Multiplies each row of `a` by each row of `b`, in float32, as ONNX Runtime's matrix product does on every Lambda CPU:
 * it sums in column order and adds each product before rounding. A double represents such a product exactly.
 * @param finish - converts a sum, given the index of its row of `b`
 */
export function dotRows(a: Matrix, b: Matrix, finish: (sum: number, row: number) => number): Float32Array {
  const { data: x, columns } = a;
  const { data: w, rows: count } = b;
  const out = new Float32Array(a.rows * count);
  const whole = a.rows - (a.rows % lanes);
  for (let row = 0; row < whole; row += lanes) {
    for (let other = 0; other < count; other++) {
      let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
      const end = (other + 1) * columns;
      for (let i = row * columns, j = other * columns; j < end; i++, j++) {
        const weight = w[j]!;
        sum0 = fround(x[i]! * weight + sum0);
        sum1 = fround(x[i + columns]! * weight + sum1);
        sum2 = fround(x[i + 2 * columns]! * weight + sum2);
        sum3 = fround(x[i + 3 * columns]! * weight + sum3);
      }
      const at = row * count + other;
      out[at] = finish(sum0, other);
      out[at + count] = finish(sum1, other);
      out[at + 2 * count] = finish(sum2, other);
      out[at + 3 * count] = finish(sum3, other);
    }
  }
  for (let row = whole; row < a.rows; row++) {
    for (let other = 0; other < count; other++) {
      let sum = 0;
      for (let i = row * columns, j = other * columns; j < (other + 1) * columns; i++, j++) {
        sum = fround(x[i]! * w[j]! + sum);
      }
      out[row * count + other] = finish(sum, other);
    }
  }
  return out;
}

/**
 * Returns the rows of an input of rank 1 or 2; rank 1 is one row.
 * @throws Error if the number of columns differs
 */
export function matrixOf(
  operator: string,
  { data, dims }: { data: Float32Array; dims: readonly number[] },
  columns: number,
): Matrix {
  const found = dims.at(-1);
  if (dims.length === 0 || dims.length > 2 || found !== columns) {
    throw new Error(`${operator}: the input is [${dims.join(', ')}]; expected rows of ${columns} numbers`);
  }
  return { data, rows: dims.length === 1 ? 1 : dims[0]!, columns };
}
