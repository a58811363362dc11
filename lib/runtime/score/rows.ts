import type { Datatype } from '../../contract/datatypes.ts';
import { joinRows, takeRows } from '../../contract/rows.ts';
import type { TensorData } from '../../contract/tensor-data.ts';
import { tensor } from './define.ts';
import type { NestedInput, Tensor, TensorInput } from './model-types.ts';

/**
 * Joins each record's part of one input to a tensor, along an axis, for `encode`.
 * @param parts - a value or nested array for each record, all of one shape
 * @param axis - the input's row axis (default: the first)
 */
export function stack<D extends Datatype>(
  datatype: D,
  parts: readonly NestedInput<D>[],
  axis = 0,
): Tensor<D> {
  const shape = shapeOf(parts[0]).toSpliced(axis, 0, 1);
  const tensors = parts.map(part => ({ shape, data: flatten(part) as string[] }));
  const joined = joinRows(tensors, axis);
  return tensor(datatype, joined.shape, joined.data as unknown as TensorInput<D>);
}

function flatten(value: unknown): unknown[] {
  return Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : [value];
}

function shapeOf(value: unknown): number[] {
  return Array.isArray(value) ? [value.length, ...shapeOf(value[0])] : [];
}

/**
 * Returns the elements of an output that belong to one record, in row-major order, for `decode`.
 * @param axis - the output's row axis (default: the first)
 */
export function rowOf<Data extends TensorData>(
  output: { data: Data; shape: readonly number[] },
  row: number,
  axis = 0,
): Data[number][] {
  return Array.from<Data[number]>(takeRows(output, axis, row, row + 1) as ArrayLike<Data[number]>);
}
