import { EngineTensor } from '../../tensor.ts';
import { allocate } from '../allocate.ts';
import type { Kernel, Run } from '../kernel.ts';
import { planWindow, threeAxes, type WindowAxis, type WindowSettings } from '../window/window.ts';

type FloatTensor = EngineTensor & { type: 'float32' | 'float64'; data: Float32Array };

interface PoolSettings extends WindowSettings {
  kernel: number[];
}

/** How the elements of a window combine into one. */
interface Combining {
  start: number;
  add(all: number, value: number): number;
  /**
   * @param count - the window's elements in the input
   * @param places - the window's elements including padding
   */
  end(all: number, count: number, places: number): number;
}

/** https://onnx.ai/onnx/operators/onnx__AveragePool.html */
export const averagePool: Kernel<PoolSettings & { countsPadding: boolean }> = settings =>
  pool('AveragePool', settings, {
    start: 0,
    add: (sum, value) => sum + value,
    end: (sum, count, places) => sum / (settings.countsPadding ? places : count),
  });

/** https://onnx.ai/onnx/operators/onnx__LpPool.html */
export const lpPool: Kernel<PoolSettings & { p: number }> = settings =>
  pool('LpPool', settings, {
    start: 0,
    add: (sum, value) => sum + Math.abs(value) ** settings.p,
    end: sum => sum ** (1 / settings.p),
  });

function pool(operator: string, settings: PoolSettings, combining: Combining): Run {
  return (x: FloatTensor) => {
    const [images, channels, ...sizes] = x.dims as [number, number, ...number[]];
    const axes = planWindow(operator, sizes, settings.kernel, settings);
    const dims = [images, channels, ...axes.map(axis => axis.outSize)];
    const out = allocate(operator, x.type, dims);
    const size = sizes.reduce((product, length) => product * length, 1);
    const window = threeAxes(axes);
    let to = 0;
    for (let channel = 0; channel < images * channels; channel++) {
      to = poolChannel(x.data, channel * size, { window, combining }, [out, to]);
    }
    return [new EngineTensor(x.type, out, dims)];
  };
}

function poolChannel(
  data: Float32Array,
  offset: number,
  {
    window: [d, h, w],
    combining: { start, add, end },
  }: { window: [WindowAxis, WindowAxis, WindowAxis]; combining: Combining },
  [out, first]: [out: Float32Array, first: number],
): number {
  let to = first;
  for (let slice = 0; slice < d.outSize; slice++) {
    for (let line = 0; line < h.outSize; line++) {
      for (let column = 0; column < w.outSize; column++) {
        const left = offset + column * w.stride - w.before;
        const [firstW, endW] = [w.first[column]!, w.end[column]!];
        let all = start;
        let count = 0;
        for (let kd = d.first[slice]!; kd < d.end[slice]!; kd++) {
          const z = slice * d.stride - d.before + kd * d.dilation;
          for (let kh = h.first[line]!; kh < h.end[line]!; kh++) {
            const y = line * h.stride - h.before + kh * h.dilation;
            const from = left + (z * h.size + y) * w.size;
            for (let kw = firstW; kw < endW; kw++) {
              all = add(all, data[from + kw * w.dilation]!);
            }
            count += endW - firstW;
          }
        }
        const places = placesOf(d, slice) * placesOf(h, line) * placesOf(w, column);
        out[to++] = end(all, count, places);
      }
    }
  }
  return to;
}

/** Returns how many places of a window are in the input or its padding; with `ceil_mode` a window can reach further. */
function placesOf({ size, kernel, stride, dilation, before, behind }: WindowAxis, position: number): number {
  const start = position * stride - before;
  const within = Math.ceil((size + behind - start) / dilation);
  return Math.min(kernel, within);
}
