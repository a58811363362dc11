import type { InputSpec } from '../../contract/manifest.ts';
import { joinRows } from '../../contract/rows.ts';
import { RequestError } from '../errors.ts';
import { type Tensor, tensor } from './define.ts';
import type { Part, Row } from './read-record.ts';

/**
 * Puts the records' parts of one input together, along its row axis; without one, there is one record.
 * @throws RequestError when they are not alike; halving the batch then finds those that are
 */
export function stack({ name, datatype, rowAxis }: InputSpec, rows: Row[]): Tensor {
  const parts = rows.map(row => row.get(name));
  const [first] = parts;
  if (!parts.every((part): part is Part => part !== undefined && isAlike(part, first!))) {
    throw new RequestError(
      422,
      'RAGGED',
      `input ${JSON.stringify(name)} has another shape from record to record`,
    );
  }
  if (rowAxis === null) {
    return tensor(datatype, first!.shape, first!.data);
  }
  const tensors = parts.map(({ shape, data }) => ({ shape: shape.toSpliced(rowAxis, 0, 1), data }));
  const { shape, data } = joinRows(tensors, rowAxis);
  return tensor(datatype, shape, data);
}

function isAlike(a: Part, b: Part): boolean {
  return a.shape.length === b.shape.length && a.shape.every((size, axis) => size === b.shape[axis]);
}
