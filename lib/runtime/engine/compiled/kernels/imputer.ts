import { EngineTensor } from '../../tensor.ts';
import { isBig } from '../array-like.ts';
import type { Kernel } from '../kernel.ts';

interface Settings {
  /** One for each column, or one for all; if the count differs from the columns, the first is used. */
  imputed: Float64Array | BigInt64Array;
  replaced: Float64Array | BigInt64Array;
}

/** https://onnx.ai/onnx/operators/onnx_aionnxml_Imputer.html */
export const imputer: Kernel<Settings> = settings => {
  const inNumbers = (values: Float64Array | BigInt64Array) =>
    Float64Array.from(values as Float64Array, Number);
  return ({ type, data, dims }: EngineTensor & { data: Float32Array }) => {
    if (dims.length === 0) {
      throw new Error('Imputer: the input is a scalar');
    }
    const { imputed, replaced } = isBig(data)
      ? settings
      : { imputed: inNumbers(settings.imputed), replaced: inNumbers(settings.replaced) };
    const [marker] = replaced;
    const isReplaced = Number.isNaN(marker) ? Number.isNaN : (value: unknown) => value === marker;
    const columns = dims.length === 1 ? dims[0]! : dims[1]!;
    const each = imputed.length === columns ? columns : 1;
    const out = data.map((value, i) => (isReplaced(value) ? (imputed[i % each] as number) : value));
    return [new EngineTensor(type, out, dims)];
  };
};
