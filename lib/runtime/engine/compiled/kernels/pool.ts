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
import { sumInLanes } from './global-pool.ts';
import { poolOrder } from './pool-order.ts';

type FloatTensor = EngineTensor & { type: 'float32' | 'float64'; data: Float32Array };

const { fround } = Math;

interface PoolSettings extends WindowSettings {
  kernel: number[];
}

/** How the elements of a window combine into one. */
interface Combining {
  of(value: number): number;
  /**
   * @param count - the window's elements in the input
   * @param places - the window's elements including padding
   */
  end(sum: number, count: number, places: number): number;
}

interface AverageSettings extends PoolSettings {
  countsPadding: boolean;
  /** Whether ONNX Runtime has fast kernels for this opset. */
  hasFast: boolean;
}

/** https://onnx.ai/onnx/operators/onnx__AveragePool.html */
export const averagePool: Kernel<AverageSettings> = settings => (x: FloatTensor) => {
  const { countsPadding, ceil } = settings;
  const isFast = settings.hasFast && !(ceil && countsPadding);
  const axes = planPool('AveragePool', x.dims, settings.kernel, settings);
  if (isFast) {
    refuseNegativePads('AveragePool', axes);
  } else {
    axes.forEach(cutSkipped);
  }
  const whole = axes.reduce((product, { kernel }) => product * kernel, 1);
  return pool('AveragePool', x, axes, {
    order: isFast ? poolOrder(axes) : 'sequence',
    of: value => value,
    end: (sum, count, places) =>
      count === 0 ? 0 : sum / (countsPadding ? (isFast ? whole : places) : count),
  });
};

/** https://onnx.ai/onnx/operators/onnx__LpPool.html */
export const lpPool: Kernel<PoolSettings & { p: number }> = settings => (x: FloatTensor) => {
  const root = fround(1 / settings.p);
  return pool('LpPool', x, planPool('LpPool', x.dims, settings.kernel, settings), {
    order: 'sequence',
    of: value => fround(Math.abs(value) ** settings.p),
    end: sum => sum ** root,
  });
};

type Order = ReturnType<typeof poolOrder>;

function pool(
  operator: string,
  x: FloatTensor,
  axes: readonly WindowAxis[],
  combining: Combining & { order: Order },
): EngineTensor[] {
  const [images, channels] = x.dims as [number, number, ...number[]];
  const dims = [images, channels, ...axes.map(axis => axis.outSize)];
  const out = allocate(operator, x.type, dims);
  const size = axes.reduce((product, axis) => product * axis.size, 1);
  const window = threeAxes(axes);
  let to = 0;
  for (let channel = 0; channel < images * channels; channel++) {
    if (combining.order === 'lanes') {
      out[to++] = combining.end(sumInLanes(x.data, channel * size, size), size, size);
    } else {
      to = poolChannel(x.data, channel * size, { window, combining }, [out, to]);
    }
  }
  return [new EngineTensor(x.type, out, dims)];
}

/** Sums in float32. */
function poolChannel(
  data: Float32Array,
  offset: number,
  {
    window: [d, h, w],
    combining: { order, of, end },
  }: { window: [WindowAxis, WindowAxis, WindowAxis]; combining: Combining & { order: Order } },
  [out, first]: [out: Float32Array, first: number],
): number {
  let to = first;
  for (let slice = 0; slice < d.outSize; slice++) {
    const [firstD, endD] = [d.first[slice]!, d.end[slice]!];
    for (let line = 0; line < h.outSize; line++) {
      const [firstH, endH] = [h.first[line]!, h.end[line]!];
      for (let column = 0; column < w.outSize; column++) {
        const [firstW, endW] = [w.first[column]!, w.end[column]!];
        const left = offset + column * w.stride - w.before;
        const sumLines = (sum: number, from: number, until: number) => {
          let all = sum;
          for (let kd = firstD; kd < endD; kd++) {
            const z = slice * d.stride - d.before + kd * d.dilation;
            for (let kh = firstH; kh < endH; kh++) {
              const y = line * h.stride - h.before + kh * h.dilation;
              const start = left + (z * h.size + y) * w.size;
              for (let kw = from; kw < until; kw++) {
                all = fround(all + of(data[start + kw * w.dilation]!));
              }
            }
          }
          return all;
        };
        let sum = 0;
        if (order === 'columns') {
          for (let kw = firstW; kw < endW; kw++) {
            sum = fround(sum + sumLines(0, kw, kw + 1));
          }
        } else {
          sum = sumLines(0, firstW, endW);
        }
        const count = (endD - firstD) * (endH - firstH) * (endW - firstW);
        const places = placesOf(d, slice) * placesOf(h, line) * placesOf(w, column);
        out[to++] = end(sum, count, places);
      }
    }
  }
  return to;
}

/** Leaves out the elements that a window reaches, but SAME skips at the end, as only the averages do. */
function cutSkipped(axis: WindowAxis): void {
  for (let position = 0; position < axis.outSize; position++) {
    axis.end[position] = Math.max(
      axis.first[position]!,
      Math.min(axis.end[position]!, placesOf(axis, position)),
    );
  }
}

/** Returns how many places of a window are in the input or its padding; with `ceil_mode` a window can reach further. */
function placesOf({ size, kernel, stride, dilation, before, behind }: WindowAxis, position: number): number {
  const start = position * stride - before;
  const within = Math.ceil((size + behind - start) / dilation);
  return Math.min(kernel, within);
}
