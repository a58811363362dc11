import { EngineTensor } from '../../tensor.ts';
import type { Kernel } from '../kernel.ts';

type FloatTensor = EngineTensor & { type: 'float32' | 'float64'; data: Float32Array };

/** https://onnx.ai/onnx/operators/onnx__GlobalAveragePool.html */
export const globalAveragePool: Kernel = () => globalPool((sum, value) => sum + value, 0, true);

/** https://onnx.ai/onnx/operators/onnx__GlobalMaxPool.html */
export const globalMaxPool: Kernel = () =>
  globalPool((most, value) => Math.max(value, most), Number.NEGATIVE_INFINITY, false);

function globalPool(combine: (all: number, value: number) => number, start: number, isMean: boolean) {
  return ({ type, data, dims }: FloatTensor) => {
    const [images = 1, channels = 1, ...sizes] = dims;
    const size = sizes.reduce((product, length) => product * length, 1);
    const out = new (data.constructor as Float32ArrayConstructor)(images * channels);
    for (let channel = 0; channel < images * channels; channel++) {
      let all = start;
      for (let i = channel * size; i < (channel + 1) * size; i++) {
        all = combine(all, data[i]!);
      }
      out[channel] = isMean ? all / size : all;
    }
    return [new EngineTensor(type, out, [images, channels, ...sizes.map(() => 1)])];
  };
}
