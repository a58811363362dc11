import { prepareShared, type SharedMatrix, timesShared } from '../../matrix/shared-matrix.ts';
import { lanes, partDepthOf, sumLanes } from '../../matrix/sum-order.ts';

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
  /** How many rows ONNX Runtime has, which decides its order, if some of them are left out. @default rows */
  together?: number;
  /** Made by the first product that is worth it. */
  prepared?: SharedMatrix;
}

interface Sums {
  /** Each sum is multiplied by it. @default 1 */
  scale?: number;
  /** What the products are added to: a number for each row of `b`, or one for all. @default 0 */
  start?: Float32Array | number;
}

/**
 * Multiplies each row of `a` by each row of `b`, in float32, as ONNX Runtime's matrix product does on every x64 Lambda
 * CPU: for several rows it sums in column order and adds each product before rounding. A double represents such a
 * product exactly.
 */
export function dotRows(a: Matrix, b: Weights, { scale = 1, start = 0 }: Sums = {}): Float32Array {
  const { columns } = a;
  const { rows: count, together = count } = b;
  const out = startingAt(start, a.rows, count);
  if (a.rows === 1 && scale === 1) {
    addRow(a.data, b, out);
  } else if (a.rows > 1 && out.length * columns >= worthPreparing) {
    b.prepared ??= prepareShared(
      { data: b.data, depth: columns, columns: count, offset: 0, rowStride: 1, columnStride: columns },
      partDepthOf(together, columns),
    );
    timesShared(a.data, b.prepared, out, scale);
  } else {
    addRows(a, b, { out, scale });
  }
  return out;
}

/** Returns a row of `count` sums for each of `rows`, with what the products are added to. */
export function startingAt(start: Float32Array | number, rows: number, count: number): Float32Array {
  const out = new Float32Array(rows * count);
  if (typeof start === 'number' || count === 1) {
    return out.fill(typeof start === 'number' ? start : start[0]!);
  }
  for (let at = 0; at < out.length; ) {
    for (let other = 0; other < count; other++, at++) {
      out[at] = start[other]!;
    }
  }
  return out;
}

/** One row: each product is rounded, and every eighth belongs to the same sum. */
function addRow(
  x: Float32Array,
  { data: w, rows: count, columns, together = count }: Weights,
  out: Float32Array,
): void {
  const sums = new Float32Array(lanes);
  for (let other = 0, j = 0; other < count; other++) {
    sums.fill(0);
    for (let i = 0; i < columns; i++, j++) {
      sums[i % lanes]! += fround(x[i]! * w[j]!);
    }
    out[other]! += sumLanes(sums, other, together);
  }
}

function addRows(a: Matrix, b: Weights, { out, scale }: { out: Float32Array; scale: number }): void {
  const { data: x, columns } = a;
  const { data: w, rows: count, together = count } = b;
  const part = partDepthOf(together, columns);
  for (let row = 0, to = 0; row < a.rows; row++) {
    for (let other = 0; other < count; other++, to++) {
      const end = (other + 1) * columns;
      for (let i = row * columns, j = other * columns; j < end; ) {
        let sum = 0;
        for (const stop = Math.min(end, j + part); j < stop; i++, j++) {
          sum = fround(x[i]! * w[j]! + sum);
        }
        out[to] = scale * sum + out[to]!;
      }
    }
  }
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
