import { EngineTensor } from '../../../tensor.ts';
import { arrayLike } from '../../array-like.ts';
import type { Kernel } from '../../kernel.ts';
import { logistic } from '../../rational-functions.ts';
import { concatenate } from '../concat.ts';
import { type ByteTensor, type FloatTensor, outputOf } from './operand.ts';
import { requantize, roundEven, saturate } from './rounding.ts';

const { fround } = Math;

interface Steps {
  scale: FloatTensor;
  zero: ByteTensor | undefined;
}

/** A function of each element, from one scale and zero point to another: of a byte there are 256 results. */
function mapBytes(x: ByteTensor, from: Steps, to: Steps, compute: (value: number) => number): ByteTensor {
  const { type } = outputOf(x);
  const [xZero, yZero] = [from.zero?.data[0] ?? 0, to.zero?.data[0] ?? 0];
  const table = arrayLike(x.data, 256);
  for (let i = 0; i < 256; i++) {
    const value = type === 'int8' && i > 127 ? i - 256 : i;
    const result = compute(fround((value - xZero) * from.scale.data[0]!));
    table[i] = saturate(roundEven(fround(result / to.scale.data[0]!)) + yZero, type);
  }
  const out = x.data.map(value => table[value & 255]!);
  return new EngineTensor(x.type, out, x.dims) as ByteTensor;
}

function quantizedFunction(compute: (value: number) => number) {
  return (x: ByteTensor, scale: FloatTensor, zero: ByteTensor, yScale: FloatTensor, yZero: ByteTensor) => [
    mapBytes(x, { scale, zero }, { scale: yScale, zero: yZero }, compute),
  ];
}

/** https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearSigmoid */
export const qLinearSigmoid: Kernel = () => quantizedFunction(logistic);

/** https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearLeakyRelu */
export const qLinearLeakyRelu: Kernel<{ alpha: number }> = ({ alpha }) =>
  quantizedFunction(value => (value >= 0 ? value : fround(value * alpha)));

/** https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearConcat */
export const qLinearConcat: Kernel<{ axis: number }> =
  ({ axis }) =>
  (scale: FloatTensor, zero: ByteTensor, ...rest: EngineTensor[]) => {
    const parts = Array.from({ length: rest.length / 3 }, (_, index) => {
      const [x, xScale, xZero] = rest.slice(3 * index) as [ByteTensor, FloatTensor, ByteTensor];
      const isSame = xScale.data[0] === scale.data[0] && xZero.data[0] === zero.data[0];
      return isSame ? x : mapBytes(x, { scale: xScale, zero: xZero }, { scale, zero }, value => value);
    });
    return [concatenate('QLinearConcat', parts, axis)];
  };

/** https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearGlobalAveragePool */
export const qLinearGlobalAveragePool: Kernel =
  () => (x: ByteTensor, scale: FloatTensor, zero: ByteTensor, yScale: FloatTensor, yZero: ByteTensor) => {
    const [images = 1, channels = 1, ...sizes] = x.dims;
    const size = sizes.reduce((product, length) => product * length, 1);
    const factor = fround(scale.data[0]! / fround(yScale.data[0]! * size));
    const output = outputOf(yZero);
    const out = arrayLike(x.data, images * channels);
    for (let channel = 0; channel < out.length; channel++) {
      let sum = -size * zero.data[0]!;
      for (let i = channel * size; i < (channel + 1) * size; i++) {
        sum += x.data[i]!;
      }
      out[channel] = requantize(sum, factor, output);
    }
    return [new EngineTensor(x.type, out, [images, channels, ...sizes.map(() => 1)])];
  };
