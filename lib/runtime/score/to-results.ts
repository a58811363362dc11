import { RequestError } from '../errors.ts';
import { toJsonData } from '../tensor/encode.ts';
import type { InferOutput } from '../tensor/types.ts';

/**
 * One output's value for every record: a scalar, nested arrays in the output's shape without the batch dimension, or
 * an object by label.
 * @throws RequestError when the output is not one of so many records; halving the batch then leads to single ones,
 * whose output it is whole
 */
export function toResults(output: InferOutput, count: number): unknown[] {
  const { shape, data, datatype, labels } = output;
  const isRowed = shape[0] === count;
  if (!isRowed && count !== 1) {
    throw new RequestError(
      422,
      'OUTPUT',
      `output ${JSON.stringify(output.name)} has shape [${shape.join(', ')}] for ${count} records: it does not tell them apart`,
    );
  }
  const inner = isRowed ? shape.slice(1) : shape;
  const size = data.length / count;
  return Array.from({ length: count }, (_, row) => {
    const values = toJsonData(datatype, data.slice(row * size, (row + 1) * size) as typeof data);
    return labels !== undefined && labels.length === values.length && inner.length === 1
      ? Object.fromEntries(labels.map((label, column) => [label, values[column]]))
      : nest(values, inner);
  });
}

function nest(values: unknown[], shape: readonly number[]): unknown {
  const [length, ...inner] = shape;
  if (length === undefined) {
    return values[0];
  }
  if (inner.length === 0) {
    return values;
  }
  const size = values.length / length;
  return Array.from({ length }, (_, index) => nest(values.slice(index * size, (index + 1) * size), inner));
}
