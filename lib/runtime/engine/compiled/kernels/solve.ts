import { EngineTensor } from '../../tensor.ts';
import { arrayLike } from '../array-like.ts';
import type { Kernel } from '../kernel.ts';

type Matrix = EngineTensor & { data: Float64Array };

/** A square matrix as the product of a lower and an upper triangle, with its rows in the order of `rows`. */
interface Factors {
  values: Float64Array;
  rows: Int32Array;
  size: number;
}

/** Solves a·x = b, or with `a` transposed: the operator that skl2onnx exports for `scipy.linalg.solve`. */
export const solve: Kernel<{ isTransposed: boolean }> = ({ isTransposed }, [constant]) => {
  const known = constant === undefined ? undefined : factorise(constant as Matrix, isTransposed);
  return (a: Matrix, b: Matrix) => {
    const factors = known ?? factorise(a, isTransposed);
    const [size, columns = 1] = b.dims;
    if (size !== factors.size || b.dims.length > 2) {
      throw new Error(`Solve: [${b.dims.join(', ')}] does not fit a matrix of ${factors.size} rows`);
    }
    const out = arrayLike(b.data, b.data.length);
    const x = new Float64Array(size);
    for (let column = 0; column < columns; column++) {
      for (let row = 0; row < size; row++) {
        x[row] = b.data[factors.rows[row]! * columns + column]!;
      }
      substitute(factors, x);
      for (let row = 0; row < size; row++) {
        out[row * columns + column] = x[row]!;
      }
    }
    return [new EngineTensor(b.type, out, b.dims)];
  };
};

/** Factorises by Gaussian elimination with partial pivoting. */
function factorise({ data, dims }: Matrix, isTransposed: boolean): Factors {
  const [size = 0, width] = dims;
  if (dims.length !== 2 || size !== width) {
    throw new Error(`Solve: [${dims.join(', ')}] is not a square matrix`);
  }
  const values = Float64Array.from(data, (_, at) =>
    isTransposed ? data[(at % size) * size + Math.floor(at / size)]! : data[at]!,
  );
  const rows = Int32Array.from({ length: size }, (_, row) => row);
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++) {
      if (Math.abs(values[row * size + column]!) > Math.abs(values[pivot * size + column]!)) {
        pivot = row;
      }
    }
    if (values[pivot * size + column] === 0) {
      throw new Error('Solve: the matrix is singular');
    }
    swapRows({ values, rows, size }, column, pivot);
    for (let row = column + 1; row < size; row++) {
      const factor = values[row * size + column]! / values[column * size + column]!;
      values[row * size + column] = factor;
      for (let i = column + 1; factor !== 0 && i < size; i++) {
        values[row * size + i]! -= factor * values[column * size + i]!;
      }
    }
  }
  return { values, rows, size };
}

function swapRows({ values, rows, size }: Factors, a: number, b: number): void {
  if (a === b) {
    return;
  }
  const row = values.slice(a * size, (a + 1) * size);
  values.copyWithin(a * size, b * size, (b + 1) * size);
  values.set(row, b * size);
  [rows[a], rows[b]] = [rows[b]!, rows[a]!];
}

/** Substitutes forwards through the lower triangle, then backwards through the upper triangle. */
function substitute({ values, size }: Factors, x: Float64Array): void {
  for (let row = 0; row < size; row++) {
    for (let i = 0; i < row; i++) {
      x[row]! -= values[row * size + i]! * x[i]!;
    }
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let i = row + 1; i < size; i++) {
      x[row]! -= values[row * size + i]! * x[i]!;
    }
    x[row]! /= values[row * size + row]!;
  }
}
