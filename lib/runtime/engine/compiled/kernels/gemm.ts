import { EngineTensor } from '../../tensor.ts';
import { allocate } from '../allocate.ts';
import type { Kernel } from '../kernel.ts';
import { multiplyPlain } from '../matrix/multiply-plain.ts';
import { prepareShared, timesShared } from '../matrix/shared-matrix.ts';

type NumberTensor = EngineTensor & { type: 'float32' | 'float64'; data: Float32Array };

interface GemmSettings {
  alpha: number;
  beta: number;
  isLeftTransposed: boolean;
  isRightTransposed: boolean;
}

/** https://onnx.ai/onnx/operators/onnx__Gemm.html */
export const gemm: Kernel<GemmSettings> = (
  { alpha, beta, isLeftTransposed, isRightTransposed },
  [, constant],
) => {
  const matrixOf = ({ data, dims }: NumberTensor) => {
    const [height, width] = dims as [number, number];
    const [rowStride, columnStride] = isRightTransposed ? [1, width] : [width, 1];
    const [depth, columns] = isRightTransposed ? [width, height] : [height, width];
    return { data, offset: 0, depth, columns, rowStride, columnStride };
  };
  const right = constant as NumberTensor | undefined;
  const prepared =
    right?.type === 'float32' && right.data.length > 0 && !isLeftTransposed
      ? prepareShared(matrixOf(right))
      : undefined;
  return (a: NumberTensor, b: NumberTensor, c: NumberTensor | undefined) => {
    if (a.dims.length !== 2 || b.dims.length !== 2) {
      throw new Error('Gemm: its first two inputs are matrices');
    }
    const matrix = matrixOf(b);
    const { depth, columns } = matrix;
    const [rows, width] = isLeftTransposed ? [a.dims[1]!, a.dims[0]!] : [a.dims[0]!, a.dims[1]!];
    if (width !== depth) {
      throw new Error(`Gemm: rows of ${width} numbers cannot be multiplied by a matrix of ${depth} rows`);
    }
    const dims = [rows, columns];
    const out = allocate('Gemm', a.type, dims);
    if (prepared !== undefined && alpha === 1) {
      // ONNX Runtime adds the products to the scaled sum, not the other way round.
      addScaled(out, { alpha, beta, rows, columns, c });
      timesShared(a.data, prepared, out);
      return [new EngineTensor(a.type, out, dims)];
    }
    if (prepared !== undefined) {
      timesShared(a.data, prepared, out);
    } else {
      const [rowStride, columnStride] = isLeftTransposed ? [1, rows] : [depth, 1];
      multiplyPlain({ data: a.data, offset: 0, rowStride, columnStride }, matrix, { rows, depth, columns }, [
        out,
        0,
      ]);
    }
    addScaled(out, { alpha, beta, rows, columns, c });
    return [new EngineTensor(a.type, out, dims)];
  };
};

function addScaled(
  out: Float32Array,
  {
    alpha,
    beta,
    rows,
    columns,
    c,
  }: { alpha: number; beta: number; rows: number; columns: number; c: NumberTensor | undefined },
): void {
  const height = c === undefined ? 1 : (c.dims.at(-2) ?? 1);
  const width = c === undefined ? 1 : (c.dims.at(-1) ?? 1);
  if ((height !== 1 && height !== rows) || (width !== 1 && width !== columns) || (c?.dims.length ?? 0) > 2) {
    throw new Error(`Gemm: a sum of [${c?.dims.join(', ')}] does not fit [${rows}, ${columns}]`);
  }
  const data = c === undefined || beta === 0 ? undefined : c.data;
  for (let row = 0, at = 0; row < rows; row++) {
    let from = height === 1 ? 0 : row * width;
    const step = width === 1 ? 0 : 1;
    for (let column = 0; column < columns; column++, at++, from += step) {
      out[at] = alpha * out[at]! + (data === undefined ? 0 : beta * data[from]!);
    }
  }
}
