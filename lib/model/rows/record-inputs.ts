import type { InputSpec } from '../../contract/manifest.ts';
import { joinRows, takeRows } from '../../contract/rows.ts';
import { countRows } from '../../contract/signature.ts';
import type { TensorData, TensorType } from '../../contract/tensor-data.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';

/** What one record sends: of each input with a row axis one row, any other input whole. */
export type RecordInputs = ProbeTensor[];

/** Different records of one shape, at most so many, from inputs that the model has answered. */
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

/** The elements of a tensor from one place along an axis to another. */
export function slice(tensor: ProbeTensor, axis: number, start: number, end: number): ProbeTensor {
  const { data, dims } = tensor;
  return {
    ...tensor,
    dims: dims.with(axis, end - start),
    data: takeRows({ data, shape: dims }, axis, start, end),
  };
}

/** The inputs of one run for these records. An input without a row axis is the first record's. */
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
 * Records that would show in the others of their run if anything did: of far larger values, of nothing but zeros, of
 * values that are no numbers. Whole numbers grow less, as many are indices.
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

/** The extremes of a record, the likeliest to show first. */
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
  // Elements of a typed array become elements of the same kind of array.
  return (data as Float32Array).map(change as (value: number, index: number) => number);
}

/** The tensor with its rows along another axis. */
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
