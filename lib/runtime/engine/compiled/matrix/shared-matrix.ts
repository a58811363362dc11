import { type MatrixView, type PreparedMatrix, prepareMatrix } from './prepare-matrix.ts';
import { timesPrepared } from './times-prepared.ts';

/** A matrix by which every run multiplies rows. */
export interface SharedMatrix {
  /** Parts of `partDepth` rows each, except the last. */
  parts: PreparedMatrix[];
  partDepth: number;
  depth: number;
  columns: number;
}

/** ONNX Runtime sums this many products of a constant matrix before it adds them to the rest. */
export const constantPartDepth = 256;

/** @param partDepth - how many products are summed before they are added to the rest: the order decides the last bits */
export function prepareShared(matrix: MatrixView, partDepth = constantPartDepth): SharedMatrix {
  const { depth, columns, offset, rowStride } = matrix;
  const parts = Array.from({ length: Math.ceil(depth / partDepth) }, (_, index) =>
    prepareMatrix({
      ...matrix,
      depth: Math.min(partDepth, depth - index * partDepth),
      offset: offset + index * partDepth * rowStride,
    }),
  );
  return { parts, partDepth, depth, columns };
}

/**
 * Multiplies all rows of the left tensor, whatever its dimensions, by one matrix.
 * @param out - the products are added to its content
 * @param scale - each product is multiplied by it @default 1
 */
export function timesShared(
  left: Float32Array,
  { parts, partDepth, depth, columns }: SharedMatrix,
  out: Float32Array,
  scale = 1,
): void {
  const rowCount = columns === 0 ? 0 : out.length / columns;
  for (const [index, part] of parts.entries()) {
    const from = index * partDepth;
    const width = Math.min(partDepth, depth - from);
    timesPrepared(
      part,
      rowCount,
      (block, first, count) => {
        if (width === depth) {
          block.set(left.subarray(first * depth, (first + count) * depth));
          return;
        }
        for (let row = 0; row < count; row++) {
          const start = (first + row) * depth + from;
          block.set(left.subarray(start, start + width), row * width);
        }
      },
      (products, first, count) => {
        // Rows without padding are one long row.
        const length = part.stride === columns ? count * columns : columns;
        for (let start = 0, to = first * columns; to < (first + count) * columns; start += part.stride) {
          for (let at = start, end = start + length; at < end; at++, to++) {
            out[to] = scale * products[at]! + out[to]!;
          }
        }
      },
    );
  }
}
