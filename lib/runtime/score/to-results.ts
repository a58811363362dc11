import type { TensorSpec } from '../../contract/manifest.ts';
import { nest } from '../../contract/nest.ts';
import { takeRows } from '../../contract/rows.ts';
import { RequestError } from '../errors.ts';
import { toJsonData } from '../tensor/encode.ts';
import type { InferOutput } from '../tensor/types.ts';

/**
 * Returns one output's value for every record: a scalar, nested arrays in the output's shape without the row axis, or
 * an object by label. An output without a row axis belongs to the only record of its run.
 * @throws RequestError 422 if there are several records, and the output does not have a row for each of them
 */
export function toResults(
  { rowAxis }: Pick<TensorSpec, 'rowAxis'>,
  output: InferOutput,
  count: number,
): unknown[] {
  const { shape, data, datatype, labels } = output;
  if (rowAxis === null && count === 1) {
    return [toResult(toJsonData(datatype, data), shape, labels)];
  }
  if (rowAxis === null || shape[rowAxis] !== count) {
    throw new RequestError(
      422,
      'OUTPUT',
      `output ${JSON.stringify(output.name)} has shape [${shape.join(', ')}], which is not one row for each of ${count} records`,
    );
  }
  const inner = shape.toSpliced(rowAxis, 1);
  return Array.from({ length: count }, (_, row) =>
    toResult(toJsonData(datatype, takeRows(output, rowAxis, row, row + 1)), inner, labels),
  );
}

function toResult(values: unknown[], shape: readonly number[], labels: InferOutput['labels']): unknown {
  return labels !== undefined && labels.length === values.length && shape.length === 1
    ? Object.fromEntries(labels.map((label, column) => [label, values[column]]))
    : nest(values, shape);
}
