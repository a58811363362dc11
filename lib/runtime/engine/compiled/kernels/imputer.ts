import { EngineTensor } from '../../tensor.ts';
import type { Kernel } from '../kernel.ts';

interface Settings {
  /** One for each column, or one for all; of several that are not as many as the columns, the first is taken. */
  imputed: Float32Array | BigInt64Array;
  replaced: Float32Array | BigInt64Array;
}

/** https://onnx.ai/onnx/operators/onnx_aionnxml_Imputer.html */
export const imputer: Kernel<Settings> = ({ imputed, replaced: [replaced] }) => {
  const isReplaced = Number.isNaN(replaced)
    ? (value: number | bigint) => Number.isNaN(value)
    : (value: number | bigint) => value === replaced;
  return ({ type, data, dims }: EngineTensor & { data: Float32Array }) => {
    if (dims.length === 0) {
      throw new Error('Imputer: the input is a scalar');
    }
    const columns = dims.length === 1 ? dims[0]! : dims[1]!;
    const each = imputed.length === columns ? columns : 1;
    const out = data.map((value, i) => (isReplaced(value) ? (imputed[i % each] as number) : value));
    return [new EngineTensor(type, out, dims)];
  };
};
