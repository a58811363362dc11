import { EngineTensor } from '../../tensor.ts';
import { allocate } from '../allocate.ts';
import type { Kernel } from '../kernel.ts';
import { planWindow, threeAxes, type WindowAxis, type WindowSettings } from '../window/window.ts';

type FloatTensor = EngineTensor & { type: 'float32' | 'float64'; data: Float32Array };

interface PoolSettings extends WindowSettings {
  kernel: number[];
}

/** What becomes of a window: of the elements that lie in the input, and the number of places that count. */
type Combine = (window: Window) => number;

interface Window {
  data: Float32Array;
  /** Indices of the elements; the first `count` of them. */
  indices: Int32Array;
  count: number;
  /** Places of the window, those in the padding among them. */
  places: number;
}

/** https://onnx.ai/onnx/operators/onnx__MaxPool.html, without indices. */
export const maxPool: Kernel<PoolSettings> = pool('MaxPool', () => ({ data, indices, count }) => {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    const value = data[indices[i]!]!;
    most = Math.max(value, most);
  }
  return most;
});

/** https://onnx.ai/onnx/operators/onnx__AveragePool.html */
export const averagePool: Kernel<PoolSettings & { countsPadding: boolean }> = pool(
  'AveragePool',
  ({ countsPadding }) =>
    ({ data, indices, count, places }) => {
      let sum = 0;
      for (let i = 0; i < count; i++) {
        sum += data[indices[i]!]!;
      }
      return sum / (countsPadding ? places : count);
    },
);

/** https://onnx.ai/onnx/operators/onnx__LpPool.html */
export const lpPool: Kernel<PoolSettings & { p: number }> = pool(
  'LpPool',
  ({ p }) =>
    ({ data, indices, count }) => {
      let sum = 0;
      for (let i = 0; i < count; i++) {
        sum += Math.abs(data[indices[i]!]!) ** p;
      }
      return sum ** (1 / p);
    },
);

function pool<Settings extends PoolSettings>(
  operator: string,
  combining: (settings: Settings) => Combine,
): Kernel<Settings> {
  return settings => {
    const combine = combining(settings);
    return (x: FloatTensor) => {
      const [images, channels, ...sizes] = x.dims as [number, number, ...number[]];
      const axes = planWindow(operator, sizes, settings.kernel, settings);
      const dims = [images, channels, ...axes.map(axis => axis.outSize)];
      const out = allocate(operator, x.type, dims);
      const size = sizes.reduce((product, length) => product * length, 1);
      const window = threeAxes(axes);
      let to = 0;
      for (let channel = 0; channel < images * channels; channel++) {
        to = poolChannel(x.data, channel * size, { window, combine }, [out, to]);
      }
      return [new EngineTensor(x.type, out, dims)];
    };
  };
}

function poolChannel(
  data: Float32Array,
  offset: number,
  { window: [d, h, w], combine }: { window: [WindowAxis, WindowAxis, WindowAxis]; combine: Combine },
  [out, start]: [out: Float32Array, start: number],
): number {
  const seen: Window = {
    data,
    indices: new Int32Array(d.kernel * h.kernel * w.kernel),
    count: 0,
    places: 0,
  };
  let to = start;
  for (let slice = 0; slice < d.outSize; slice++) {
    for (let line = 0; line < h.outSize; line++) {
      for (let column = 0; column < w.outSize; column++) {
        seen.count = 0;
        for (let kd = 0; kd < d.kernel; kd++) {
          const z = slice * d.stride - d.before + kd * d.dilation;
          for (let kh = 0; kh < h.kernel && z >= 0 && z < d.size; kh++) {
            const y = line * h.stride - h.before + kh * h.dilation;
            for (let kw = 0; kw < w.kernel && y >= 0 && y < h.size; kw++) {
              const x = column * w.stride - w.before + kw * w.dilation;
              if (x >= 0 && x < w.size) {
                seen.indices[seen.count++] = offset + (z * h.size + y) * w.size + x;
              }
            }
          }
        }
        seen.places = placesOf(d, slice) * placesOf(h, line) * placesOf(w, column);
        out[to++] = combine(seen);
      }
    }
  }
  return to;
}

/** Places of a window that lie in the input or its padding; one that reaches further, by `ceil_mode`, has fewer. */
function placesOf({ size, kernel, stride, dilation, before, behind }: WindowAxis, position: number): number {
  const start = position * stride - before;
  const within = Math.ceil((size + behind - start) / dilation);
  return Math.min(kernel, within);
}
