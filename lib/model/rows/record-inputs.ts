import type { InputSpec } from '../../contract/manifest.ts';
import { joinRows, takeRows } from '../../contract/rows.ts';
import { countRows } from '../../contract/signature.ts';
import type { TensorData, TensorType } from '../../contract/tensor-data.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';

/** The inputs of one record: one row of each input with a row axis, and other inputs whole. */
export type RecordInputs = ProbeTensor[];

/** Takes different records of one shape, up to a limit, from inputs that the model has answered. */
export function takeRecords(
  inputs: readonly InputSpec[],
  answered: readonly ProbeTensor[][],
  most: number,
): RecordInputs[] {
  const records = new Map<string, RecordInputs>();
  let form: string | undefined;
  for (const tensors of answered) {
    const rows = Math.min(...tensors.map(({ dims }, index) => countRows(inputs[index]!, dims)), most);
    for (let row = 0; row < rows && records.size < most; row++) {
      const record = tensors.map((tensor, index) => oneRow(tensor, inputs[index]!.rowAxis, row));
      form ??= formOf(record);
      if (formOf(record) === form) {
        records.set(record.map(({ data }) => data.join()).join('\n'), record);
      }
    }
  }
  return [...records.values()];
}

function oneRow(tensor: ProbeTensor, axis: number | null, row: number): ProbeTensor {
  return axis === null ? tensor : slice(tensor, axis, row, row + 1);
}

function formOf(record: RecordInputs): string {
  return record.map(({ dims }) => dims.join()).join('\n');
}

/** Returns the elements of a tensor between two positions along an axis. */
export function slice(tensor: ProbeTensor, axis: number, start: number, end: number): ProbeTensor {
  const { data, dims } = tensor;
  return {
    ...tensor,
    dims: dims.with(axis, end - start),
    data: takeRows({ data, shape: dims }, axis, start, end),
  };
}

/** Joins records into the inputs of one run. Inputs without a row axis are those of the first record. */
export function joinRecords(inputs: readonly InputSpec[], records: readonly RecordInputs[]): ProbeTensor[] {
  return inputs.map(({ rowAxis }, index) => {
    const parts = records.map(record => record[index]!);
    if (rowAxis === null) {
      return parts[0]!;
    }
    const tensors = parts.map(({ data, dims }) => ({ data, shape: dims }));
    const { shape, data } = joinRows(tensors, rowAxis);
    return { ...parts[0]!, dims: shape, data };
  });
}

type Change = (value: number | bigint | string, index: number) => number | bigint | string;

/**
 * Changes that make a record visible in the answers to others if anything can: much larger values, only zeros, values
 * that are not numbers. Whole numbers grow less, because many are indices.
 */
const extremes: Record<'float' | 'integer' | 'bool' | 'string', readonly [Change, Change, Change]> = {
  float: [
    value => Number(value) * 5000 + 100,
    () => 0,
    (_, index) => [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY][index % 3]!,
  ],
  integer: [
    value => (typeof value === 'bigint' ? value * 100n + 7n : Number(value) * 100 + 7),
    value => (typeof value === 'bigint' ? 0n : 0),
    value => (typeof value === 'bigint' ? -1n : -1),
  ],
  bool: [() => 1, () => 0, (_, index) => index % 2],
  string: [value => String(value).repeat(100), () => '', (_, index) => `${index} ü`],
};

/** Returns the extremes of a record, those most likely to show a dependence first. */
export function extremesOf(inputs: readonly InputSpec[], record: RecordInputs): RecordInputs[] {
  return extremes.float.map((_, extreme) =>
    record.map((tensor, index) => {
      const change = extremes[kindOf(tensor.type)][extreme]!;
      return inputs[index]!.rowAxis === null ? tensor : { ...tensor, data: mapData(tensor.data, change) };
    }),
  );
}

function kindOf(type: TensorType): keyof typeof extremes {
  if (type === 'bool' || type === 'string') {
    return type;
  }
  return type.startsWith('float') ? 'float' : 'integer';
}

function mapData(data: TensorData, change: Change): TensorData {
  if (Array.isArray(data)) {
    return data.map((value, index) => String(change(value, index)));
  }
  // The changed values stay in the same kind of typed array.
  return (data as Float32Array).map(change as (value: number, index: number) => number);
}

/** Returns the tensor with its rows along another axis. */
export function moveRows(tensor: ProbeTensor, { from, to }: { from: number; to: number }): ProbeTensor {
  if (from === to) {
    return tensor;
  }
  const shape = tensor.dims.toSpliced(from, 1).toSpliced(to, 0, 1);
  const rows = Array.from({ length: tensor.dims[from]! }, (_, row) => ({
    shape,
    data: slice(tensor, from, row, row + 1).data,
  }));
  const joined = joinRows(rows, to);
  return { ...tensor, dims: joined.shape, data: joined.data };
}
