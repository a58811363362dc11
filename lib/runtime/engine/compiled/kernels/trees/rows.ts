import type { EngineTensor } from '../../../tensor.ts';
import { asFloat32 } from '../../as-float32.ts';

/** Rows of a numeric table, ready for comparison. */
export interface Rows {
  x: Float32Array | Float64Array;
  rows: number;
  columns: number;
}

/**
 * Returns the rows of an input. Integers are compared as float32.
 * @throws Error if the rank is wrong or there are too few columns
 */
export function rowsOf(operator: string, tensor: EngineTensor, columns: number): Rows {
  const { dims } = tensor;
  if (dims.length === 0 || dims.length > 2) {
    throw new Error(`${operator}: the input has rank ${dims.length}; expected 1 or 2`);
  }
  // ONNX Runtime reads a tensor of rank 1 as one row of one column.
  const [rows, found] = dims.length === 1 ? [1, 1] : [dims[0]!, dims[1]!];
  if (found < columns) {
    throw new Error(`${operator}: the input has ${found} columns; the trees look at ${columns}`);
  }
  return {
    x: tensor.type === 'float64' ? (tensor.data as Float64Array) : asFloat32(tensor),
    rows,
    columns: found,
  };
}
