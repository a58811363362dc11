import type { InputSpec } from '../../contract/manifest.ts';
import { joinRows } from '../../contract/rows.ts';
import { RequestError } from '../errors.ts';
import { type Tensor, tensor } from './define.ts';
import type { Part, Row } from './read-record.ts';

/**
 * Joins the records' parts of one input along its row axis; without a row axis, there is one record.
 * @throws RequestError if their shapes differ; halving the batch then finds those that match
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
