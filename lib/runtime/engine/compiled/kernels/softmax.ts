import { EngineTensor } from '../../tensor.ts';
import { arrayLike } from '../array-like.ts';
import type { Kernel } from '../kernel.ts';
import { axisOf, elementCount } from '../shape.ts';

interface Settings {
  axis: number;
  /** Before opset 13 all dimensions from the axis on count as one. */
  isFlat: boolean;
}

/** Computes the stored value from an element minus its row's maximum, and the sum of the row's exponentials. */
type Finish = (difference: number, sum: number) => number;

function softmaxLike(operator: string, finish: Finish): Kernel<Settings> {
  return ({ axis, isFlat }) =>
    ({ type, data, dims }: EngineTensor & { data: Float32Array }) => {
      const at = dims.length === 0 ? 0 : axisOf(operator, axis, dims.length);
      const size = isFlat ? elementCount(dims.slice(at)) : (dims[at] ?? 1);
      const step = isFlat ? 1 : elementCount(dims.slice(at + 1));
      const out = arrayLike(data, data.length);
      for (let start = 0; start < data.length; start += size * step) {
        for (let column = start; column < start + step; column++) {
          const end = column + size * step;
          let most = Number.NEGATIVE_INFINITY;
          for (let i = column; i < end; i += step) {
            most = Math.max(most, data[i]!);
          }
          let sum = 0;
          for (let i = column; i < end; i += step) {
            sum += Math.exp(data[i]! - most);
          }
          for (let i = column; i < end; i += step) {
            out[i] = finish(data[i]! - most, sum);
          }
        }
      }
      return [new EngineTensor(type, out, dims)];
    };
}

/** https://onnx.ai/onnx/operators/onnx__Softmax.html */
export const softmax: Kernel<Settings> = (settings, constants) =>
  softmaxLike('Softmax', (difference, sum) => Math.exp(difference) / sum)(settings, constants);

/** https://onnx.ai/onnx/operators/onnx__LogSoftmax.html */
export const logSoftmax: Kernel<Settings> = (settings, constants) =>
  softmaxLike('LogSoftmax', (difference, sum) => difference - Math.log(sum))(settings, constants);
