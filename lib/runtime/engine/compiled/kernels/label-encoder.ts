import { arrayTypes } from '../../../../contract/arrays.ts';
import type { TensorType } from '../../../../contract/tensor-data.ts';
import { EngineTensor } from '../../tensor.ts';
import type { Kernel } from '../kernel.ts';

type Values = string[] | BigInt64Array | Float32Array | Float64Array | Int16Array;

interface Settings {
  keys: Values;
  values: Values;
  /** A single value for unknown keys, of the same kind as the values. */
  fallback: Values;
  /** Whether NaN matches a key that is NaN. */
  findsNaN: boolean;
  type: TensorType;
}

/** https://onnx.ai/onnx/operators/onnx_aionnxml_LabelEncoder.html and CategoryMapper */
export const labelEncoder: Kernel<Settings> = ({ keys, values, fallback, findsNaN, type }) => {
  const found = new Map<unknown, string | number | bigint>();
  for (let i = 0; i < keys.length; i++) {
    // The first of duplicate keys wins.
    if (!found.has(keys[i]) && (findsNaN || !Number.isNaN(keys[i]))) {
      found.set(keys[i], values[i]!);
    }
  }
  const [byDefault] = fallback;
  return ({ data, dims }: EngineTensor) => {
    const encode = (key: unknown) => found.get(key) ?? byDefault!;
    const out =
      type === 'string'
        ? Array.from<unknown, string>(data, key => encode(key) as string)
        : new arrayTypes[type](data.length);
    if (!Array.isArray(out)) {
      for (let i = 0; i < data.length; i++) {
        out[i] = encode(data[i]) as never;
      }
    }
    return [new EngineTensor(type, out, dims)];
  };
};
