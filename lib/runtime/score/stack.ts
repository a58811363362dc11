import { datatypes } from '../../contract/datatypes.ts';
import type { TensorSpec } from '../../contract/manifest.ts';
import type { TensorData } from '../../contract/tensor-data.ts';
import { RequestError } from '../errors.ts';
import { type Tensor, tensor } from './define.ts';
import { hasBatchAxis, type Part, type Row } from './read-record.ts';

/**
 * Stacks the records' parts of one input along the first dimension.
 * @throws RequestError when they are not alike; halving the batch then finds those that are
 */
export function stack(spec: TensorSpec, rows: Row[]): Tensor {
  const parts = rows.map(row => row.get(spec.name));
  const [first] = parts;
  if (!parts.every((part): part is Part => part !== undefined && isAlike(part, first!))) {
    throw new RequestError(
      422,
      'RAGGED',
      `input ${JSON.stringify(spec.name)} has another shape from record to record`,
    );
  }
  const shape = hasBatchAxis(spec) ? [rows.length, ...first!.shape] : first!.shape;
  return tensor(spec.datatype, shape, concat(spec, parts));
}

function isAlike(a: Part, b: Part): boolean {
  return a.shape.length === b.shape.length && a.shape.every((size, axis) => size === b.shape[axis]);
}

function concat({ datatype }: TensorSpec, parts: Part[]): TensorData {
  const { array } = datatypes[datatype];
  if (array === undefined) {
    return parts.flatMap(part => part.data as string[]);
  }
  const size = parts[0]!.data.length;
  // All of one datatype, so of one kind of array.
  const all = new array(size * parts.length) as Float32Array;
  for (const [index, part] of parts.entries()) {
    all.set(part.data as Float32Array, index * size);
  }
  return all;
}
