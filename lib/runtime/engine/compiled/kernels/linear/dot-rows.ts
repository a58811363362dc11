import { type PreparedMatrix, prepareMatrix } from '../../matrix/prepare-matrix.ts';
import { timesPrepared } from '../../matrix/times-prepared.ts';

const { fround } = Math;

/** From this number of multiply-adds on, a prepared matrix is faster, although it has to be made once. */
const worthPreparing = 4096;

/** A matrix in row-major order. */
export interface Matrix {
  data: Float32Array;
  rows: number;
  columns: number;
}

/** A matrix that many are multiplied by. */
export interface Weights extends Matrix {
  /** Made by the first product that is worth it. */
  prepared?: PreparedMatrix;
}

/**
 * Multiplies each row of `a` by each row of `b`, in float32, as ONNX Runtime's matrix product does on every Lambda CPU:
 * it sums in column order and adds each product before rounding. A double represents such a product exactly.
 * @param finish - converts a sum
 */
export function dotRows(a: Matrix, b: Weights, finish?: (sum: number) => number): Float32Array {
  const { data: x, columns } = a;
  const { data: w, rows: count } = b;
  const out = new Float32Array(a.rows * count);
  if (a.rows > 1 && out.length * columns >= worthPreparing) {
    b.prepared ??= prepareMatrix({
      data: w,
      depth: columns,
      columns: count,
      offset: 0,
      rowStride: 1,
      columnStride: columns,
    });
    const { prepared } = b;
    timesPrepared(
      prepared,
      a.rows,
      (rows, first, taken) => rows.set(x.subarray(first * columns, (first + taken) * columns)),
      (products, first, taken) => {
        for (let row = 0, to = first * count; row < taken; row++) {
          for (let other = 0; other < count; other++, to++) {
            out[to] = products[row * prepared.stride + other]!;
          }
        }
      },
    );
  } else {
    for (let row = 0; row < a.rows; row++) {
      for (let other = 0; other < count; other++) {
        let sum = 0;
        for (let i = row * columns, j = other * columns; j < (other + 1) * columns; i++, j++) {
          sum = fround(x[i]! * w[j]! + sum);
        }
        out[row * count + other] = sum;
      }
    }
  }
  for (let i = 0; finish !== undefined && i < out.length; i++) {
    out[i] = finish(out[i]!);
  }
  return out;
}

/** Adds its intercept to each sum, in place. */
export function addIntercepts(sums: Float32Array, intercepts: Float32Array): Float32Array {
  const count = intercepts.length;
  for (let row = 0; row < sums.length; row += count) {
    for (let other = 0; other < count; other++) {
      sums[row + other] = sums[row + other]! + intercepts[other]!;
    }
  }
  return sums;
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
