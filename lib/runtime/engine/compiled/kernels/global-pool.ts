import { EngineTensor } from '../../tensor.ts';
import type { Kernel } from '../kernel.ts';

type FloatTensor = EngineTensor & { type: 'float32' | 'float64'; data: Float32Array };

/** https://onnx.ai/onnx/operators/onnx__GlobalAveragePool.html */
export const globalAveragePool: Kernel =
  () =>
  ({ type, data, dims }: FloatTensor) => {
    const [images = 1, channels = 1, ...sizes] = dims;
    const size = sizes.reduce((product, length) => product * length, 1);
    const out = new (data.constructor as Float32ArrayConstructor)(images * channels);
    for (let channel = 0; channel < images * channels; channel++) {
      let sum = 0;
      for (let i = channel * size; i < (channel + 1) * size; i++) {
        sum += data[i]!;
      }
      out[channel] = sum / size;
    }
    return [new EngineTensor(type, out, [images, channels, ...sizes.map(() => 1)])];
  };
