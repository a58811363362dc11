import { EngineTensor } from '../../../tensor.ts';
import { arrayLike } from '../../array-like.ts';
import type { Kernel } from '../../kernel.ts';
import { type ByteTensor, type FloatTensor, outputOf } from './operand.ts';
import { requantize } from './rounding.ts';

/** https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearGlobalAveragePool */
export const qLinearGlobalAveragePool: Kernel =
  () => (x: ByteTensor, scale: FloatTensor, zero: ByteTensor, yScale: FloatTensor, yZero: ByteTensor) => {
    const [images = 1, channels = 1, ...sizes] = x.dims;
    const size = sizes.reduce((product, length) => product * length, 1);
    const factor = Math.fround(scale.data[0]! / Math.fround(yScale.data[0]! * size));
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
