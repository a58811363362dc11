import { EngineTensor } from '../../tensor.ts';
import type { Kernel } from '../kernel.ts';

type FloatTensor = EngineTensor & { type: 'float32' | 'float64'; data: Float32Array };

function sameShape({ type, data, dims }: FloatTensor, out: Float32Array): EngineTensor {
  return new EngineTensor(type, out, dims ?? [data.length]);
}

function copyOf({ data }: FloatTensor): Float32Array {
  return data.slice() as Float32Array;
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}

/** https://onnx.ai/onnx/operators/onnx__BatchNormalization.html, in inference mode. */
export const batchNormalization: Kernel<{ epsilon: number }> =
  ({ epsilon }) =>
  (x: FloatTensor, scale: FloatTensor, bias: FloatTensor, mean: FloatTensor, variance: FloatTensor) => {
    const channels = x.dims[1] ?? 1;
    const size = product(x.dims.slice(2));
    if (scale.data.length !== channels) {
      throw new Error(
        `BatchNormalization: the input has ${channels} channels; expected ${scale.data.length}`,
      );
    }
    const out = copyOf(x);
    const round = roundTo(x);
    for (let block = 0; block * size < out.length; block++) {
      const channel = block % channels;
      const deviation = round(Math.sqrt(round(variance.data[channel]! + round(epsilon))));
      const factor = round(scale.data[channel]! * round(1 / deviation));
      const shift = round(bias.data[channel]! - round(mean.data[channel]! * factor));
      for (let i = block * size; i < (block + 1) * size; i++) {
        out[i] = round(out[i]! * factor) + shift;
      }
    }
    return [sameShape(x, out)];
  };

/** https://onnx.ai/onnx/operators/onnx__InstanceNormalization.html */
export const instanceNormalization: Kernel<{ epsilon: number }> =
  ({ epsilon }) =>
  (x: FloatTensor, scale: FloatTensor, bias: FloatTensor) => {
    const channels = x.dims[1] ?? 1;
    const size = product(x.dims.slice(2));
    const out = copyOf(x);
    const round = roundTo(x);
    for (let block = 0; size > 0 && block * size < out.length; block++) {
      const part = out.subarray(block * size, (block + 1) * size);
      const mean = round(round(sumOf(part)) / size);
      const variance = round(round(sumOf(part.map(value => round(value - mean) ** 2))) / size);
      const deviation = round(Math.sqrt(round(variance + round(epsilon))));
      const factor = round(scale.data[block % channels]! * round(1 / deviation));
      const shift = round(bias.data[block % channels]! - round(mean * factor));
      for (let i = 0; i < size; i++) {
        part[i] = round(part[i]! * factor) + shift;
      }
    }
    return [sameShape(x, out)];
  };

interface LayerSettings {
  axis: number;
  epsilon: number;
}

/** https://onnx.ai/onnx/operators/onnx__LayerNormalization.html, only its first output. */
export const layerNormalization: Kernel<LayerSettings> =
  ({ axis, epsilon }) =>
  (x: FloatTensor, scale: FloatTensor, bias: FloatTensor | undefined) => {
    const out = copyOf(x);
    const size = product(x.dims.slice(axis < 0 ? axis + x.dims.length : axis));
    for (let start = 0; start < out.length; start += size) {
      const part = out.subarray(start, start + size);
      const { mean, variance } = moments(part);
      const factor = 1 / Math.sqrt(variance + epsilon);
      for (let i = 0; i < size; i++) {
        const at = i % scale.data.length;
        part[i] = (part[i]! - mean) * factor * scale.data[at]! + (bias === undefined ? 0 : bias.data[at]!);
      }
    }
    return [sameShape(x, out)];
  };

function moments(part: Float32Array): { mean: number; variance: number } {
  const mean = sumOf(part) / part.length;
  let squares = 0;
  for (const value of part) {
    squares += (value - mean) ** 2;
  }
  return { mean, variance: squares / part.length };
}

function sumOf(part: Float32Array): number {
  let sum = 0;
  for (const value of part) {
    sum += value;
  }
  return sum;
}

/** ONNX Runtime rounds each step to the type: what is too large for it becomes infinite there, and then NaN. */
function roundTo({ type }: FloatTensor): (value: number) => number {
  return type === 'float32' ? Math.fround : value => value;
}
