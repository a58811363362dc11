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
  const root = Math.fround(1 / settings.p);
  return pool('LpPool', x, planPool('LpPool', x.dims, settings.kernel, settings), {
    order: 'sequence',
    of: value => Math.fround(Math.abs(value) ** settings.p),
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
  const out = { data: allocate(operator, x.type, dims), at: 0 };
  const size = axes.reduce((product, axis) => product * axis.size, 1);
  const window = threeAxes(axes);
  const poolChannel = combining.order === 'columns' ? byColumns : inSequence;
  for (let channel = 0; channel < images * channels; channel++) {
    const offset = channel * size;
    if (combining.order === 'lanes') {
      out.data[out.at++] = combining.end(sumInLanes(x.data, offset, size), size, size);
    } else {
      poolChannel({ data: x.data, offset, window, combining }, out);
    }
  }
  return [new EngineTensor(x.type, out.data, dims)];
}

interface Channel {
  data: Float32Array;
  offset: number;
  window: [WindowAxis, WindowAxis, WindowAxis];
  combining: Combining;
}

/** One element after the other, in float32. */
function inSequence({ data, offset, window: [d, h, w], combining: { of, end } }: Channel, out: Out): void {
  for (let slice = 0; slice < d.outSize; slice++) {
    for (let line = 0; line < h.outSize; line++) {
      for (let column = 0; column < w.outSize; column++) {
        const left = offset + column * w.stride - w.before;
        const [firstW, endW] = [w.first[column]!, w.end[column]!];
        let sum = 0;
        let count = 0;
        for (let kd = d.first[slice]!; kd < d.end[slice]!; kd++) {
          const z = slice * d.stride - d.before + kd * d.dilation;
          for (let kh = h.first[line]!; kh < h.end[line]!; kh++) {
            const y = line * h.stride - h.before + kh * h.dilation;
            const from = left + (z * h.size + y) * w.size;
            for (let kw = firstW; kw < endW; kw++) {
              sum = Math.fround(sum + of(data[from + kw * w.dilation]!));
            }
            count += endW - firstW;
          }
        }
        const places = placesOf(d, slice) * placesOf(h, line) * placesOf(w, column);
        out.data[out.at++] = end(sum, count, places);
      }
    }
  }
}

/** First the sum of each column of a line of windows, then of the columns of each window, in float32. */
function byColumns({ data, offset, window: [d, h, w], combining: { end } }: Channel, out: Out): void {
  const columns = new Float32Array(w.size);
  for (let slice = 0; slice < d.outSize; slice++) {
    for (let line = 0; line < h.outSize; line++) {
      columns.fill(0);
      for (let kd = d.first[slice]!; kd < d.end[slice]!; kd++) {
        const z = slice * d.stride - d.before + kd;
        for (let kh = h.first[line]!; kh < h.end[line]!; kh++) {
          const from = offset + (z * h.size + line * h.stride - h.before + kh) * w.size;
          for (let x = 0; x < w.size; x++) {
            columns[x]! += data[from + x]!;
          }
        }
      }
      const lines = (d.end[slice]! - d.first[slice]!) * (h.end[line]! - h.first[line]!);
      for (let column = 0; column < w.outSize; column++) {
        const left = column * w.stride - w.before;
        const [firstW, endW] = [w.first[column]!, w.end[column]!];
        let sum = 0;
        for (let kw = firstW; kw < endW; kw++) {
          sum = Math.fround(sum + columns[left + kw]!);
        }
        const places = placesOf(d, slice) * placesOf(h, line) * placesOf(w, column);
        out.data[out.at++] = end(sum, lines * (endW - firstW), places);
      }
    }
  }
}

/** The numbers of an output that are still to be written begin at `at`. */
interface Out {
  data: Float32Array;
  at: number;
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
