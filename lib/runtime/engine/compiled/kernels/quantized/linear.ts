import { EngineTensor } from '../../../tensor.ts';
import { allocate } from '../../allocate.ts';
import type { Kernel } from '../../kernel.ts';
import { type IntegerType, roundEven, saturate } from './rounding.ts';

type FloatTensor = EngineTensor & { type: 'float32'; data: Float32Array };
type NumberTensor = EngineTensor & { type: IntegerType | 'int32'; data: Float32Array };

interface QuantizeSettings {
  axis: number;
  type: IntegerType;
}

/** https://onnx.ai/onnx/operators/onnx__QuantizeLinear.html, per tensor or per axis. */
export const quantizeLinear: Kernel<QuantizeSettings> =
  ({ axis, type }) =>
  (x: FloatTensor, scale: FloatTensor, zero: NumberTensor | undefined) => {
    const out = allocate('QuantizeLinear', type, x.dims);
    const parameter = parametersOf('QuantizeLinear', x.dims, axis, scale.data.length);
    for (let i = 0; i < out.length; i++) {
      const at = parameter(i);
      const quotient = Math.fround(x.data[i]! / scale.data[at]!);
      out[i] = saturate(roundEven(quotient) + (zero === undefined ? 0 : zero.data[at]!), type);
    }
    return [new EngineTensor(type, out, x.dims)];
  };

/** https://onnx.ai/onnx/operators/onnx__DequantizeLinear.html, per tensor or per axis. */
export const dequantizeLinear: Kernel<{ axis: number }> =
  ({ axis }) =>
  (x: NumberTensor, scale: FloatTensor, zero: NumberTensor | undefined) => {
    const out = allocate('DequantizeLinear', 'float32', x.dims);
    const parameter = parametersOf('DequantizeLinear', x.dims, axis, scale.data.length);
    for (let i = 0; i < out.length; i++) {
      const at = parameter(i);
      out[i] = (x.data[i]! - (zero === undefined ? 0 : zero.data[at]!)) * scale.data[at]!;
    }
    return [new EngineTensor('float32', out, x.dims)];
  };

/** Returns the index of each element's scale: the only one, or that of its position along the axis. */
function parametersOf(
  operator: string,
  dims: readonly number[],
  axis: number,
  count: number,
): (index: number) => number {
  if (count === 1) {
    return () => 0;
  }
  const at = axis < 0 ? axis + dims.length : axis;
  const inner = dims.slice(at + 1).reduce((product, size) => product * size, 1);
  const size = dims[at];
  if (size !== count) {
    throw new Error(`${operator}: ${count} scales do not fit [${dims.join(', ')}] along axis ${axis}`);
  }
  return index => Math.floor(index / inner) % size;
}

/** https://onnx.ai/onnx/operators/onnx__DynamicQuantizeLinear.html */
export const dynamicQuantizeLinear: Kernel = () => (x: FloatTensor) => {
  let [least, most] = [0, 0];
  for (const value of x.data) {
    least = Math.min(value, least);
    most = Math.max(value, most);
  }
  const scale = most === least ? 1 : Math.fround(Math.fround(most - least) / 255);
  const zero = roundEven(saturate(Math.fround(-least / scale), 'uint8'));
  const out = Uint8Array.from(x.data, value =>
    saturate(roundEven(Math.fround(value / scale)) + zero, 'uint8'),
  );
  return [
    new EngineTensor('uint8', out, x.dims),
    new EngineTensor('float32', Float32Array.of(scale), []),
    new EngineTensor('uint8', Uint8Array.of(zero), []),
  ];
};
