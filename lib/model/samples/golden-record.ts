import { type Columns, orderedColumns } from '../../contract/columns.ts';
import type { Golden, JsonTensor } from '../../contract/golden.ts';
import type { TensorSpec } from '../../contract/manifest.ts';
import { nest } from '../../contract/nest.ts';
import { takeRows } from '../../contract/rows.ts';
import type { SampleRecord } from '../../contract/sample-records.ts';
import { defaultOutputs } from '../../contract/signature.ts';

/** Returns the first record of a golden vector, and its result. */
export function goldenRecord({ request, response }: Golden, model: Columns): SampleRecord {
  const { inputs, outputs } = model.signature;
  const parts = new Map(
    request.inputs.map(tensor => [tensor.name, firstRow(tensor, specOf(inputs, tensor.name))]),
  );
  const [only] = inputs;
  const names = inputs.length === 1 && model.features !== undefined ? orderedColumns(model) : undefined;
  const values = names === undefined ? undefined : parts.get(only!.name);
  return {
    record:
      names !== undefined && Array.isArray(values)
        ? Object.fromEntries(names.map((name, index) => [name, values[index]]))
        : Object.fromEntries(parts),
    result: Object.fromEntries(
      response.outputs
        .filter(({ name }) => defaultOutputs(outputs).some(spec => spec.name === name))
        .map(tensor => [tensor.name, byLabel(tensor, specOf(outputs, tensor.name))]),
    ),
  };
}

function specOf<Spec extends TensorSpec>(specs: readonly Spec[], name: string): Spec {
  return specs.find(spec => spec.name === name)!;
}

/** Returns a tensor's part in the first record, with null for NaN, as for a missing value. */
function firstRow({ data, shape, datatype }: JsonTensor, { rowAxis }: TensorSpec): unknown {
  const values = datatype.startsWith('FP') ? data.map(value => (value === 'NaN' ? null : value)) : data;
  if (rowAxis === null) {
    return nest(values, shape);
  }
  const row = takeRows({ data: values as string[], shape }, rowAxis, 0, 1) as unknown[];
  const inner = shape.toSpliced(rowAxis, 1);
  return inner.every(size => size === 1) ? row[0] : nest(row, inner);
}

function byLabel(tensor: JsonTensor, spec: TensorSpec): unknown {
  const part = firstRow(tensor, spec);
  const { labels } = spec;
  return labels !== undefined && Array.isArray(part) && part.length === labels.length
    ? Object.fromEntries(labels.map((label, column) => [label, part[column]]))
    : part;
}
