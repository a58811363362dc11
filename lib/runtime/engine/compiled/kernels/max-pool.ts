import { EngineTensor } from '../../tensor.ts';
import { allocate } from '../allocate.ts';
import type { Kernel } from '../kernel.ts';
import {
  planPool,
  refuseNegativePads,
  threeAxes,
  type WindowAxis,
  type WindowSettings,
} from '../window/window.ts';
import { globalPool } from './global-pool.ts';
import { combineLanes, poolOrder } from './pool-order.ts';

type FloatTensor = EngineTensor & { type: 'float32' | 'float64'; data: Float32Array };
type Window = [WindowAxis, WindowAxis, WindowAxis];

/** The window of a channel: its elements start at `offset`, its maxima go to `out` from `to`. */
interface Channel {
  data: Float32Array;
  offset: number;
  out: Float32Array;
  to: number;
}

/** The least finite numbers, with which ONNX Runtime starts: they are the maximum of nothing. */
const lowest = -3.4028234663852886e38;
const lowestDouble = -1.7976931348623157e308;
/** The greater; the first if one is NaN. */
const first = (most: number, value: number) => (value > most ? value : most);
/** The greater; the second if one is NaN, like the vector instruction of x64. */
const second = (most: number, value: number) => (most > value ? most : value);

/**
 * https://onnx.ai/onnx/operators/onnx__MaxPool.html, without its indices. Whether a window with NaN is NaN depends on
 * the order in which elements are compared. ONNX Runtime has four orders; these are the ones of x64.
 */
export const maxPool: Kernel<WindowSettings & { kernel: number[] }> = settings => (x: FloatTensor) => {
  const [images, channels, ...sizes] = x.dims as [number, number, ...number[]];
  const axes = planPool('MaxPool', x.dims, settings.kernel, settings);
  if (x.type === 'float32' && axes.every(({ dilation }) => dilation === 1)) {
    refuseNegativePads('MaxPool', axes);
  }
  const dims = [images, channels, ...axes.map(axis => axis.outSize)];
  const out = allocate('MaxPool', x.type, dims);
  const window = threeAxes(axes);
  const poolChannel = orderOf(x, axes);
  const size = sizes.reduce((product, length) => product * length, 1);
  const outSize = axes.reduce((product, axis) => product * axis.outSize, 1);
  for (let channel = 0; channel < images * channels; channel++) {
    poolChannel({ data: x.data, offset: channel * size, out, to: channel * outSize }, window);
  }
  return [new EngineTensor(x.type, out, dims)];
};

/** https://onnx.ai/onnx/operators/onnx__GlobalMaxPool.html */
export const globalMaxPool: Kernel = () => globalPool(mostInLanes);

function orderOf({ type }: FloatTensor, axes: readonly WindowAxis[]) {
  if (type !== 'float32' || axes.some(({ dilation }) => dilation !== 1)) {
    return inOrder(undefined);
  }
  const order = poolOrder(axes);
  if (order === 'lanes') {
    return inLanes;
  }
  return order === 'sequence' ? inOrder(lowest) : byColumns(axes.length === 2 ? undefined : lowest);
}

/**
 * One element after the other. The greatest of them starts as `initial`, and every NaN is skipped; or as the first
 * element, and a NaN there remains.
 */
function inOrder(initial: number | undefined) {
  return ({ data, offset, out, to: start }: Channel, [d, h, w]: Window): void => {
    const ofNone = data instanceof Float32Array ? lowest : lowestDouble;
    let to = start;
    for (let slice = 0; slice < d.outSize; slice++) {
      for (let line = 0; line < h.outSize; line++) {
        for (let column = 0; column < w.outSize; column++) {
          const place = (kd: number, kh: number, kw: number) => {
            const z = slice * d.stride - d.before + kd * d.dilation;
            const y = line * h.stride - h.before + kh * h.dilation;
            return offset + (z * h.size + y) * w.size + column * w.stride - w.before + kw * w.dilation;
          };
          const [firstD, firstH, firstW] = [d.first[slice]!, h.first[line]!, w.first[column]!];
          const isEmpty = firstD >= d.end[slice]! || firstH >= h.end[line]! || firstW >= w.end[column]!;
          let most = initial ?? (isEmpty ? ofNone : data[place(firstD, firstH, firstW)]!);
          for (let kd = firstD; kd < d.end[slice]!; kd++) {
            for (let kh = firstH; kh < h.end[line]!; kh++) {
              const from = place(kd, kh, 0);
              for (let kw = firstW; kw < w.end[column]!; kw++) {
                most = first(most, data[from + kw * w.dilation]!);
              }
            }
          }
          out[to++] = most;
        }
      }
    }
  };
}

function inLanes({ data, offset, out, to }: Channel, [d, h, w]: Window): void {
  out[to] = mostInLanes(data, offset, d.size * h.size * w.size);
}

function mostInLanes(data: Float32Array, offset: number, size: number): number {
  return combineLanes(data, [offset, size], { initial: lowest, lane: second, rest: first });
}

/**
 * First the maximum of each column of a line of windows, four columns at a time, then of the columns of each window,
 * with those of the padding. Where `initial` is undefined, a column starts with its first element.
 */
function byColumns(initial: number | undefined) {
  return ({ data, offset, out, to: start }: Channel, [d, h, w]: Window): void => {
    const reach = (w.outSize - 1) * w.stride + w.kernel;
    const columns = new Float32Array(Math.max(reach, w.before + w.size)).fill(lowest);
    const wide = w.size - (w.size % 4);
    let to = start;
    for (let slice = 0; slice < d.outSize; slice++) {
      const z = slice * d.stride - d.before;
      for (let line = 0; line < h.outSize; line++) {
        const y = line * h.stride - h.before;
        for (let x = 0; x < w.size; x++) {
          const greater = x < wide ? second : first;
          const place = (kd: number, kh: number) => offset + ((z + kd) * h.size + y + kh) * w.size + x;
          const [firstD, firstH] = [d.first[slice]!, h.first[line]!];
          let most = initial ?? data[place(firstD, firstH)]!;
          for (let kd = firstD; kd < d.end[slice]!; kd++) {
            for (let kh = firstH; kh < h.end[line]!; kh++) {
              most = greater(most, data[place(kd, kh)]!);
            }
          }
          columns[w.before + x] = most;
        }
        for (let column = 0; column < w.outSize; column++) {
          const from = column * w.stride;
          let most = columns[from]!;
          for (let kw = 1; kw < w.kernel; kw++) {
            most = second(most, columns[from + kw]!);
          }
          out[to++] = most;
        }
      }
    }
  };
}
