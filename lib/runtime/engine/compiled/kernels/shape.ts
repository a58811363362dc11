import { arrayTypes } from '../../../../contract/arrays.ts';
import type { TensorType } from '../../../../contract/tensor-data.ts';
import { EngineTensor } from '../../tensor.ts';
import { countElements } from '../allocate.ts';
import { integersOf } from '../integers.ts';
import type { Kernel } from '../kernel.ts';

/** https://onnx.ai/onnx/operators/onnx__Shape.html */
export const shape: Kernel<{ start: number; end: number | null }> =
  ({ start, end }) =>
  ({ dims }: EngineTensor) => {
    const sizes = dims.slice(start, end ?? undefined);
    return [new EngineTensor('int64', BigInt64Array.from(sizes, BigInt), [sizes.length])];
  };

/** https://onnx.ai/onnx/operators/onnx__Size.html */
export const size: Kernel =
  () =>
  ({ data }: EngineTensor) => [new EngineTensor('int64', BigInt64Array.of(BigInt(data.length)), [])];

/** https://onnx.ai/onnx/operators/onnx__ConstantOfShape.html */
export const constantOfShape: Kernel<{ value: ArrayLike<number>; type: Exclude<TensorType, 'string'> }> =
  ({ value, type }) =>
  (sizes: EngineTensor) => {
    const dims = integersOf(sizes);
    // Checked in ONNX Runtime's order: the limit, then negative sizes, then each product on the way to a size of 0.
    const count = countElements('ConstantOfShape', dims);
    if (dims.some(dim => dim < 0)) {
      throw new Error(`ConstantOfShape: a size is negative, [${dims.join(', ')}]`);
    }
    if (dims.reduce((product, size) => (product < 2 ** 63 ? product * size : product), 1) >= 2 ** 63) {
      throw new Error(`ConstantOfShape: [${dims.join(', ')}] is too large to count`);
    }
    const data = new arrayTypes[type](count);
    return [new EngineTensor(type, data.fill(value[0]! as never), dims)];
  };

/** https://onnx.ai/onnx/operators/onnx__Range.html */
export const range: Kernel =
  () =>
  (
    { type, data: [start] }: EngineTensor,
    { data: [limit] }: EngineTensor,
    { data: [delta] }: EngineTensor,
  ) => {
    const [first, step] = [Number(start), Number(delta)];
    const length = (Number(limit) - first) / step;
    const count = Math.max(0, Math.ceil(length));
    countElements('Range', [Number.isNaN(length) ? Number.POSITIVE_INFINITY : count]);
    if (step === 0) {
      throw new Error('Range: its step is 0');
    }
    const out = new arrayTypes[type as 'float32'](count);
    for (let i = 0; i < count; i++) {
      out[i] = (
        typeof start === 'bigint' ? start + BigInt(i) * (delta as bigint) : first + i * step
      ) as number;
    }
    return [new EngineTensor(type, out, [count])];
  };
