import { EngineTensor } from '../../../tensor.ts';
import { allocate } from '../../allocate.ts';
import type { Kernel } from '../../kernel.ts';
import { multiplyPlain } from '../../matrix/multiply-plain.ts';
import { elementCount } from '../../shape.ts';
import { copyWindow } from '../../window/copy-window.ts';
import { planWindow, threeAxes, type WindowSettings } from '../../window/window.ts';
import { type ByteTensor, type FloatTensor, outputOf, productScales, shifted } from './operand.ts';
import { requantize } from './rounding.ts';

interface ConvSettings extends WindowSettings {
  group: number;
}

interface Sides {
  x: ByteTensor;
  xZero: ByteTensor | undefined;
  w: ByteTensor;
  wZero: ByteTensor | undefined;
}

/** https://onnx.ai/onnx/operators/onnx__ConvInteger.html */
export const convInteger: Kernel<ConvSettings> =
  settings =>
  (x: ByteTensor, w: ByteTensor, xZero: ByteTensor | undefined, wZero: ByteTensor | undefined) => {
    const { sums, dims } = convolve('ConvInteger', { x, xZero, w, wZero }, settings);
    return [new EngineTensor('int32', sums, dims)];
  };

/** https://onnx.ai/onnx/operators/onnx__QLinearConv.html */
export const qLinearConv: Kernel<ConvSettings> =
  settings =>
  (
    x: ByteTensor,
    xScale: FloatTensor,
    xZero: ByteTensor,
    w: ByteTensor,
    wScale: FloatTensor,
    wZero: ByteTensor,
    yScale: FloatTensor,
    yZero: ByteTensor,
    bias: (EngineTensor & { data: Int32Array }) | undefined,
  ) => {
    const { sums, dims } = convolve('QLinearConv', { x, xZero, w, wZero }, settings);
    const scales = productScales(xScale, wScale, yScale);
    const output = outputOf(yZero);
    const out = allocate('QLinearConv', output.type, dims);
    const [channels, positions] = [dims[1]!, elementCount(dims.slice(2))];
    for (let at = 0, plane = 0; at < out.length; plane = (plane + 1) % channels) {
      const scale = scales[scales.length === 1 ? 0 : plane]!;
      const add = bias === undefined ? 0 : bias.data[plane]!;
      for (const end = at + positions; at < end; at++) {
        out[at] = requantize(sums[at]! + add, scale, output);
      }
    }
    return [new EngineTensor(output.type, out, dims)];
  };

/** Copies each window into a column, minus the zero point, so that padding becomes zeros. */
function convolve(operator: string, { x, xZero, w, wZero }: Sides, settings: ConvSettings) {
  const { group } = settings;
  const [images, channels, ...sizes] = x.dims as [number, number, ...number[]];
  const [outChannels, groupChannels, ...kernel] = w.dims as [number, number, ...number[]];
  if (channels !== groupChannels * group) {
    throw new Error(`${operator}: the input has ${channels} channels; expected ${groupChannels * group}`);
  }
  const axes = planWindow(operator, sizes, kernel, settings);
  const window = threeAxes(axes);
  const dims = [images, outChannels, ...axes.map(axis => axis.outSize)];
  const sums = allocate(operator, 'int32', dims) as unknown as Int32Array;
  const depth = groupChannels * elementCount(kernel);
  const rows = outChannels / group;
  const columns = elementCount(dims.slice(2));
  const image = shifted(x.data, xZero, () => 0);
  const weights = shifted(w.data, wZero, index => Math.floor(index / depth));
  const seen = new Int16Array(columns * depth);
  for (let at = 0; at < images * group; at++) {
    for (let position = 0; position < columns; position++) {
      const place = { window, channels: groupChannels, position };
      copyWindow(image, at * groupChannels * elementCount(sizes), place, [seen, position * depth]);
    }
    const first = (at % group) * rows * depth;
    multiplyPlain(
      { data: weights, offset: first, rowStride: depth, columnStride: 1 },
      { data: seen, offset: 0, rowStride: 1, columnStride: depth },
      { rows, depth, columns },
      [sums, at * rows * columns],
    );
  }
  return { sums, dims };
}
