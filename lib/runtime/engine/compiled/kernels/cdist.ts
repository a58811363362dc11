import { EngineTensor } from '../../tensor.ts';
import { countElements } from '../allocate.ts';
import type { Kernel } from '../kernel.ts';
import { multiplyPlain } from '../matrix/multiply-plain.ts';
import { dotRows } from './linear/dot-rows.ts';
import { double, single, sumPackets } from './reduce-sums.ts';

type FloatTensor = EngineTensor & { type: 'float32' | 'float64'; data: Float32Array };

/**
 * Returns the distance of each row to each row: com.microsoft.CDist. Like ONNX Runtime, it adds -2ab, a² and b², which is
 * inexact for rows that are close to each other.
 */
export const cdist: Kernel<{ isSquared: boolean }> =
  ({ isSquared }) =>
  (a: FloatTensor, b: FloatTensor) => {
    const [rows, columns] = a.dims as [number, number];
    const [others, width] = b.dims as [number, number];
    if (a.dims.length !== 2 || b.dims.length !== 2 || columns !== width) {
      throw new Error(
        `CDist: [${a.dims.join(', ')}] and [${b.dims.join(', ')}] have rows of several lengths`,
      );
    }
    countElements('CDist', [rows, others]);
    const out = productsOf(a, b);
    const [own, other] = [squaresOf(a), squaresOf(b)];
    const round = a.type === 'float32' ? Math.fround : (value: number) => value;
    for (let row = 0, at = 0; row < rows; row++) {
      for (let index = 0; index < others; index++, at++) {
        const square = Math.abs(round(round(out[at]! + own[row]!) + other[index]!));
        out[at] = isSquared ? square : Math.sqrt(square);
      }
    }
    return [new EngineTensor(a.type, out, [rows, others])];
  };

/** Returns the product of each row by each row, times -2. */
function productsOf(a: FloatTensor, b: FloatTensor): Float32Array {
  const [rows, columns] = a.dims as [number, number];
  const others = b.dims[0]!;
  if (a.type === 'float32') {
    return dotRows({ data: a.data, rows, columns }, { data: b.data, rows: others, columns }, { scale: -2 });
  }
  const out = new Float64Array(rows * others);
  const left = { data: a.data, offset: 0, rowStride: columns, columnStride: 1 };
  const right = { data: b.data, offset: 0, rowStride: 1, columnStride: columns };
  multiplyPlain(left, right, { rows, depth: columns, columns: others }, [out as unknown as Float32Array, 0]);
  return out.map(product => -2 * product) as unknown as Float32Array;
}

/** Returns the sum of the squares of each row. */
function squaresOf({ type, data, dims }: FloatTensor): number[] {
  const [rows, columns] = dims as [number, number];
  const precision = type === 'float32' ? single : double;
  const places = Uint32Array.from({ length: columns }, (_, column) => column);
  return Array.from({ length: rows }, (_, row) =>
    sumPackets(at => precision.round(data[row * columns + at]! ** 2), places, precision),
  );
}
