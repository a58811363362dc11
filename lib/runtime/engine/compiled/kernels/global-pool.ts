import { EngineTensor } from '../../tensor.ts';
import type { Kernel, Run } from '../kernel.ts';
import { combineLanes } from './pool-order.ts';

type FloatTensor = EngineTensor & { type: 'float32' | 'float64'; data: Float32Array };

/** Reduces each channel to one element. @param reduce - receives the elements from `from` on, `size` of them */
export const globalPool =
  (reduce: (data: Float32Array, from: number, size: number) => number): Run =>
  ({ type, data, dims }: FloatTensor) => {
    const [images = 1, channels = 1, ...sizes] = dims;
    const size = sizes.reduce((product, length) => product * length, 1);
    const out = new (data.constructor as Float32ArrayConstructor)(images * channels);
    for (let channel = 0; channel < images * channels; channel++) {
      out[channel] = reduce(data, channel * size, size);
    }
    return [new EngineTensor(type, out, [images, channels, ...sizes.map(() => 1)])];
  };

/** https://onnx.ai/onnx/operators/onnx__GlobalAveragePool.html */
export const globalAveragePool: Kernel = () =>
  globalPool((data, from, size) => sumInLanes(data, from, size) / size);

/** Adds up in float32, and in the order of ONNX Runtime. */
export function sumInLanes(data: Float32Array, from: number, size: number): number {
  const add = (sum: number, value: number) => Math.fround(sum + value);
  return combineLanes(data, [from, size], { initial: 0, lane: add, rest: add });
}
