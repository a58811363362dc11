import type { Dimension, PressedManifest, TensorSpec } from '../../manifest.ts';
import { RequestError } from '../errors.ts';
import { toJsonData } from '../tensor/encode.ts';
import type { InferOutput } from '../tensor/types.ts';
import { type Score, type Tensor, tensor } from './define.ts';

type Row = Record<string, unknown>;

/**
 * The score of a model that came without a `score.ts`. A record is an object with a value for every input (its shape
 * without the batch dimension); for a model with one input, also that value alone, or an object of named features
 * where the manifest knows their order. A result has a value for every output, by label where the model has labels.
 */
export function defaultScore({ signature, features }: Pick<PressedManifest, 'signature' | 'features'>): Score {
  const { inputs, outputs } = signature;
  return {
    encode(records) {
      const rows = records.map((record, index) => readRecord(record, index, inputs, features));
      return Object.fromEntries(inputs.map(spec => [spec.name, stack(spec, rows)]));
    },
    decode: (results, records) =>
      records.map((_, index) =>
        Object.fromEntries(outputs.map(spec => [spec.name, readRow(results[spec.name]!, index, records.length)])),
      ),
  };
}

function readRecord(record: unknown, index: number, inputs: TensorSpec[], features?: string[]): Row {
  const [only] = inputs;
  if (inputs.length === 1 && only !== undefined) {
    if (!isObject(record)) {
      return { [only.name]: record };
    }
    if (features !== undefined && !Object.hasOwn(record, only.name)) {
      return { [only.name]: features.map(feature => take(record, feature, index)) };
    }
  }
  if (!isObject(record)) {
    const names = inputs.map(spec => spec.name).join(', ');
    throw new RequestError(422, 'RECORD', `record ${index} is not an object with ${names}`);
  }
  return Object.fromEntries(inputs.map(spec => [spec.name, take(record, spec.name, index)]));
}

function take(record: Row, name: string, index: number): unknown {
  if (!Object.hasOwn(record, name)) {
    throw new RequestError(422, 'RECORD', `record ${index} has no "${name}"`);
  }
  return record[name];
}

function isObject(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Stacks the records' values along the first dimension; a dynamic dimension takes its size from the first record. */
function stack(spec: TensorSpec, rows: Row[]): Tensor {
  const values = rows.map(row => row[spec.name]);
  const inner = (spec.shape ?? shapeOf(values)).slice(1).map((size, axis) => resolve(size, values[0], axis));
  const flat = inner.length === 0 ? values.flat() : values.flat(inner.length);
  return tensor(spec.datatype, [rows.length, ...inner], flat);
}

function resolve(size: Dimension, value: unknown, axis: number): number {
  return typeof size === 'number' && size >= 0 ? size : (shapeOf(value)[axis] ?? 1);
}

function shapeOf(value: unknown): number[] {
  return Array.isArray(value) ? [value.length, ...shapeOf(value[0])] : [];
}

function readRow(output: InferOutput, index: number, count: number): unknown {
  const size = output.data.length / count;
  const row = output.data.slice(index * size, (index + 1) * size);
  const values = toJsonData(output.datatype, row);
  if (output.labels !== undefined && output.labels.length === values.length) {
    return Object.fromEntries(output.labels.map((label, column) => [label, values[column]]));
  }
  return output.shape.length <= 1 ? values[0] : values;
}
