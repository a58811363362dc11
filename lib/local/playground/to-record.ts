import type { InputSpec, Manifest } from '../../contract/manifest.ts';

/** An input of a request; absent data means zeros. */
export interface TensorSample {
  name: string;
  shape: number[];
  data?: unknown[];
}

/**
 * The first row of tensors, as a record that a person would write: named features, single values, flat lists.
 * `undefined` if an input has its rows on an axis other than the first.
 */
export function toRecord(
  tensors: TensorSample[],
  { features, signature: { inputs } }: Pick<Manifest, 'features' | 'signature'>,
): Record<string, unknown> | undefined {
  const record: Record<string, unknown> = {};
  for (const tensor of tensors) {
    const spec = inputs.find(({ name }) => name === tensor.name);
    if (spec === undefined || (spec.rowAxis ?? 0) !== 0) {
      return undefined;
    }
    const values = firstRow(tensor, spec);
    if (values === undefined) {
      return undefined;
    }
    if (features !== undefined && inputs.length === 1) {
      return Object.fromEntries(features.map((name, column) => [name, values[column]]));
    }
    record[tensor.name] = values.length === 1 ? values[0] : values;
  }
  return record;
}

/** Nobody writes a record with more elements than this. */
const mostElements = 2000;

function firstRow({ shape, data }: TensorSample, { rowAxis, datatype }: InputSpec): unknown[] | undefined {
  const size = (rowAxis === null ? shape : shape.slice(1)).reduce((product, length) => product * length, 1);
  if (size > mostElements) {
    return undefined;
  }
  const zero = datatype === 'BYTES' ? '' : datatype === 'BOOL' ? false : 0;
  return Array.from({ length: size }, (_, index) =>
    data === undefined ? zero : shorten(data[index], datatype),
  );
}

/** The shortest decimal of the same FP32: 17.19, where a double needs 17.190000534057617; NaN is a missing value. */
function shorten(value: unknown, datatype: InputSpec['datatype']): unknown {
  if (value === 'NaN') {
    return null;
  }
  if (datatype !== 'FP32' || typeof value !== 'number') {
    return value;
  }
  const written = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(digits => Number(value.toPrecision(digits)));
  return written.find(short => Math.fround(short) === Math.fround(value)) ?? value;
}
