import { EngineTensor } from '../../tensor.ts';
import { allocate } from '../allocate.ts';
import type { Kernel } from '../kernel.ts';
import { type PreparedMatrix, prepareMatrix } from '../matrix/prepare-matrix.ts';
import { timesPrepared } from '../matrix/times-prepared.ts';
import { copyWindow } from '../window/copy-window.ts';
import { planWindow, threeAxes, type WindowAxis, type WindowSettings } from '../window/window.ts';

type FloatTensor = EngineTensor & { type: 'float32'; data: Float32Array };

interface ConvSettings extends WindowSettings {
  group: number;
}

/** One image of a group: its input and the place for its output. */
interface Place {
  x: Float32Array;
  xOffset: number;
  out: Float32Array;
  outOffset: number;
  bias: Float32Array | undefined;
  biasOffset: number;
}

/** https://onnx.ai/onnx/operators/onnx__Conv.html */
export const conv: Kernel<ConvSettings> = (settings, [, constant]) => {
  const { group } = settings;
  const shared = constant as FloatTensor | undefined;
  const sharedMatrices = shared && prepareWeights(shared, group);
  return (x: FloatTensor, w: FloatTensor, b: FloatTensor | undefined) => {
    const [images, channels, ...sizes] = x.dims as [number, number, ...number[]];
    const [outChannels, groupChannels, ...kernel] = w.dims as [number, number, ...number[]];
    if (channels !== groupChannels * group) {
      throw new Error(`Conv: the input has ${channels} channels; expected ${groupChannels * group}`);
    }
    const axes = planWindow('Conv', sizes, kernel, settings);
    const window = threeAxes(axes);
    const dims = [images, outChannels, ...axes.map(axis => axis.outSize)];
    const out = allocate('Conv', 'float32', dims);
    const outSize = product(axes.map(axis => axis.outSize));
    const perGroup = outChannels / group;
    const matrices = sharedMatrices ?? prepareWeights(w, group);
    for (let image = 0; image < images; image++) {
      for (let at = 0; at < group; at++) {
        const place = {
          x: x.data,
          xOffset: (image * channels + at * groupChannels) * product(sizes),
          out,
          outOffset: (image * outChannels + at * perGroup) * outSize,
          bias: b?.data,
          biasOffset: at * perGroup,
        };
        if (groupChannels === 1 && perGroup === 1) {
          convolveOne(w.data.subarray(at * product(kernel)), window, place);
        } else {
          convolveGroup(matrices[at]!, { window, channels: groupChannels, outChannels: perGroup }, place);
        }
      }
    }
    return [new EngineTensor('float32', out, dims)];
  };
};

/** Prepares each group's weights as a matrix, a column per output channel. A single channel needs no matrix. */
function prepareWeights({ data, dims }: FloatTensor, group: number): PreparedMatrix[] {
  const columns = dims[0]! / group;
  const depth = product(dims.slice(1));
  if (dims[1] === 1 && columns === 1) {
    return [];
  }
  return Array.from({ length: group }, (_, at) =>
    prepareMatrix({ data, depth, columns, offset: at * columns * depth, rowStride: 1, columnStride: depth }),
  );
}

/** Multiplies each position's window, as a row, by the weights. */
function convolveGroup(
  matrix: PreparedMatrix,
  {
    window,
    channels,
    outChannels,
  }: { window: [WindowAxis, WindowAxis, WindowAxis]; channels: number; outChannels: number },
  { x, xOffset, out, outOffset, bias, biasOffset }: Place,
): void {
  const [depth, height, width] = window;
  const positions = depth.outSize * height.outSize * width.outSize;
  timesPrepared(
    matrix,
    positions,
    (rows, first, count) => {
      for (let i = 0, at = 0; i < count; i++) {
        at = copyWindow(x, xOffset, { window, channels, position: first + i }, [rows, at]);
      }
    },
    (products, first, count) => {
      for (let channel = 0; channel < outChannels; channel++) {
        const add = bias === undefined ? 0 : bias[biasOffset + channel]!;
        let to = outOffset + channel * positions + first;
        for (let i = 0, from = channel; i < count; i++, from += matrix.stride) {
          out[to++] = products[from]! + add;
        }
      }
    },
  );
}

/** Convolves one input channel to one output channel, for which a matrix product gains nothing. */
function convolveOne(
  weights: Float32Array,
  [d, h, w]: [WindowAxis, WindowAxis, WindowAxis],
  { x, xOffset, out, outOffset, bias, biasOffset }: Place,
): void {
  const add = bias === undefined ? 0 : bias[biasOffset]!;
  let to = outOffset;
  for (let slice = 0; slice < d.outSize; slice++) {
    for (let line = 0; line < h.outSize; line++) {
      for (let column = 0; column < w.outSize; column++) {
        const left = xOffset + column * w.stride - w.before;
        const [first, end] = [w.first[column]!, w.end[column]!];
        let sum = add;
        for (let kd = d.first[slice]!; kd < d.end[slice]!; kd++) {
          const z = slice * d.stride - d.before + kd * d.dilation;
          for (let kh = h.first[line]!; kh < h.end[line]!; kh++) {
            const y = line * h.stride - h.before + kh * h.dilation;
            const from = left + (z * h.size + y) * w.size;
            const at = (kd * h.kernel + kh) * w.kernel;
            for (let kw = first; kw < end; kw++) {
              sum += x[from + kw * w.dilation]! * weights[at + kw]!;
            }
          }
        }
        out[to++] = sum;
      }
    }
  }
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}
