import type { Layout } from './multiply-plain.ts';
import { lanes, partDepthOf, sumLanes } from './sum-order.ts';

const { fround } = Math;

interface Factors {
  /** A row after the other. */
  a: Layout;
  /** Columns next to each other. */
  b: Layout;
}

interface Sizes {
  rows: number;
  depth: number;
  columns: number;
}

/**
 * Writes the product of two matrices of float32, which are not constant, to `out` at `outOffset`: rounded, and added in
 * the order of ONNX Runtime on x64.
 */
export function multiplyRounded(
  a: Layout,
  b: Layout,
  sizes: Sizes,
  [out, outOffset]: [out: Float32Array, outOffset: number],
): void {
  const to = out.subarray(outOffset, outOffset + sizes.rows * sizes.columns);
  if (sizes.rows === 1) {
    multiplyRow({ a, b }, sizes, to);
  } else if (sizes.columns === 1) {
    multiplyColumn({ a, b }, sizes, to);
  } else {
    multiplyParts({ a, b }, sizes, to);
  }
}

/** Adds the rounded products of four rows of the right matrix, and these sums; then of two, and of one. */
function multiplyRow({ a, b }: Factors, { depth, columns }: Sizes, out: Float32Array): void {
  const { data: left } = a;
  const { data: right, rowStride: down } = b;
  let i = 0;
  let y = b.offset;
  for (; i + 4 <= depth; i += 4, y += 4 * down) {
    const [x0, x1, x2, x3] = [0, 1, 2, 3].map(at => left[a.offset + i + at]!) as [
      number,
      number,
      number,
      number,
    ];
    for (let column = 0, at = y; column < columns; column++, at++) {
      let sum = fround(fround(x0 * right[at]!) + fround(x1 * right[at + down]!));
      sum = fround(sum + fround(x2 * right[at + 2 * down]!));
      out[column]! += fround(sum + fround(x3 * right[at + 3 * down]!));
    }
  }
  if (i + 2 <= depth) {
    const [x0, x1] = [left[a.offset + i]!, left[a.offset + i + 1]!];
    for (let column = 0, at = y; column < columns; column++, at++) {
      out[column]! += fround(fround(x0 * right[at]!) + fround(x1 * right[at + down]!));
    }
    i += 2;
    y += 2 * down;
  }
  if (i < depth) {
    for (let column = 0; column < columns; column++) {
      out[column]! += fround(left[a.offset + i]! * right[y + column]!);
    }
  }
}

/** Rounds each product; every eighth belongs to the same sum. */
function multiplyColumn({ a, b }: Factors, { rows, depth }: Sizes, out: Float32Array): void {
  const sums = new Float32Array(lanes);
  for (let row = 0; row < rows; row++) {
    sums.fill(0);
    for (let i = 0; i < depth; i++) {
      sums[i % lanes]! += fround(a.data[a.offset + row * a.rowStride + i]! * b.data[b.offset + i]!);
    }
    out[row] = sumLanes(sums, row, rows);
  }
}

/** Adds each product before rounding, in order, and the sums of parts. */
function multiplyParts({ a, b }: Factors, { rows, depth, columns }: Sizes, out: Float32Array): void {
  const { data: left } = a;
  const { data: right, rowStride: down } = b;
  const part = partDepthOf(columns, depth);
  for (let first = 0; first < depth; first += part) {
    const end = Math.min(depth, first + part);
    for (let row = 0; row < rows; row++) {
      const start = a.offset + row * a.rowStride;
      const to = row * columns;
      let column = 0;
      // Computes four sums at a time, so that each number of the row is read once for all of them.
      for (; column + 4 <= columns; column += 4) {
        let [s0, s1, s2, s3] = [0, 0, 0, 0];
        let y = b.offset + first * down + column;
        for (let i = first; i < end; i++, y += down) {
          const value = left[start + i]!;
          s0 = fround(value * right[y]! + s0);
          s1 = fround(value * right[y + 1]! + s1);
          s2 = fround(value * right[y + 2]! + s2);
          s3 = fround(value * right[y + 3]! + s3);
        }
        out[to + column]! += s0;
        out[to + column + 1]! += s1;
        out[to + column + 2]! += s2;
        out[to + column + 3]! += s3;
      }
      for (; column < columns; column++) {
        let sum = 0;
        let y = b.offset + first * down + column;
        for (let i = first; i < end; i++, y += down) {
          sum = fround(left[start + i]! * right[y]! + sum);
        }
        out[to + column]! += sum;
      }
    }
  }
}
