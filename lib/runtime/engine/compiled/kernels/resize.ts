import { EngineTensor } from '../../tensor.ts';
import { allocate } from '../allocate.ts';
import type { Kernel } from '../kernel.ts';

type NumberTensor = EngineTensor & { type: 'float32' | 'uint8' | 'int8' | 'int32'; data: Float32Array };

export interface ResizeSettings {
  mode: 'nearest' | 'linear';
  coordinates: string;
  nearest: string;
  /** The axes of the scales and sizes; empty: all axes. */
  axes: number[];
  /** Whether this is `Upsample`, or opset 10's `Resize`, whose scales are the second input. */
  isOld: boolean;
}

/** One axis, with the source of each output element. */
interface AxisPlan {
  axis: number;
  outSize: number;
  from: Int32Array;
  /** For linear interpolation: the neighbour, and the weight of each of the two. */
  next: Int32Array;
  weight: Float32Array;
  nextWeight: Float32Array;
}

/** https://onnx.ai/onnx/operators/onnx__Resize.html, and Upsample. Works axis by axis, because linear is separable. */
export const resize: Kernel<ResizeSettings> =
  settings => (x: NumberTensor, second?: EngineTensor, third?: EngineTensor, fourth?: EngineTensor) => {
    const scales = settings.isOld ? second : third;
    const plans = planAxes(x.dims, scales, settings.isOld ? undefined : fourth, settings);
    const dims = x.dims.map((size, axis) => plans.find(plan => plan.axis === axis)?.outSize ?? size);
    // Allocating first rejects a size over the limit before any computation.
    const out = allocate('Resize', x.type, dims);
    let current = { data: x.data, dims: [...x.dims] };
    for (const plan of plans) {
      current = resizeAxis(current, plan, settings.mode);
    }
    out.set(current.data);
    return [new EngineTensor(x.type, out, dims)];
  };

function planAxes(
  dims: readonly number[],
  scales: EngineTensor | undefined,
  sizes: EngineTensor | undefined,
  settings: ResizeSettings,
): AxisPlan[] {
  const axes = settings.axes.length > 0 ? settings.axes : dims.map((_, axis) => axis);
  const values = scales !== undefined && scales.data.length > 0 ? scales.data : undefined;
  const wanted = values ?? sizes?.data ?? [];
  if (wanted.length !== axes.length) {
    throw new Error(`Resize: ${wanted.length} scales or sizes for ${axes.length} dimensions`);
  }
  return axes.flatMap((axis, index) => {
    const at = axis < 0 ? axis + dims.length : axis;
    const size = dims[at]!;
    const value = Number(wanted[index]);
    const outSize = values === undefined ? value : Math.floor(Math.fround(size * value));
    const scale = values === undefined ? Math.fround(outSize / size) : value;
    if (!(scale > 0) || outSize < 0) {
      throw new Error(`Resize: a scale of ${scale} is not positive`);
    }
    return scale === 1 && outSize === size ? [] : [planAxis(at, { size, outSize, scale }, settings)];
  });
}

interface Scaling {
  size: number;
  outSize: number;
  scale: number;
}

function planAxis(axis: number, scaling: Scaling, settings: ResizeSettings): AxisPlan {
  const { size, outSize, scale } = scaling;
  const [from, next] = [new Int32Array(outSize), new Int32Array(outSize)];
  const [weight, nextWeight] = [new Float32Array(outSize), new Float32Array(outSize)];
  for (let i = 0; i < outSize; i++) {
    const place = originalPlace(i, scaling, settings.coordinates);
    if (settings.mode === 'nearest') {
      from[i] = Math.max(0, Math.min(size - 1, nearest(place, settings.nearest, scale < 1)));
      continue;
    }
    const within = Math.max(0, Math.min(place, size - 1));
    from[i] = Math.min(Math.trunc(within), size - 1);
    next[i] = Math.min(from[i]! + 1, size - 1);
    const isEnd = from[i] === next[i];
    weight[i] = isEnd ? 0.5 : Math.abs(within - next[i]!);
    nextWeight[i] = isEnd ? 0.5 : Math.abs(within - from[i]!);
  }
  return { axis, outSize, from, next, weight, nextWeight };
}

/** Computed in 32-bit floats like ONNX Runtime, because the nearest element of a tie depends on it. */
function originalPlace(i: number, { size, outSize, scale }: Scaling, coordinates: string): number {
  const f = Math.fround;
  const halfPixel = () => f(f(f(i + 0.5) / scale) - 0.5);
  switch (coordinates) {
    case 'asymmetric':
      return f(i / scale);
    case 'align_corners':
      return outSize === 1 ? 0 : f(f(i * (size - 1)) / (outSize - 1));
    case 'pytorch_half_pixel':
      return outSize > 1 ? halfPixel() : 0;
    case 'tf_half_pixel_for_nn':
      return f(f(i + 0.5) / scale);
    default:
      return halfPixel();
  }
}

function nearest(place: number, mode: string, isShrinking: boolean): number {
  switch (mode) {
    case 'floor':
      return Math.floor(place);
    case 'ceil':
      return Math.ceil(place);
    case 'round_prefer_ceil':
      return Math.floor(place + 0.5);
    case 'simple':
      return isShrinking ? Math.ceil(place) : Math.trunc(place);
    default:
      return Math.ceil(place - 0.5);
  }
}

function resizeAxis(
  { data, dims }: { data: Float32Array; dims: number[] },
  { axis, outSize, from, next, weight, nextWeight }: AxisPlan,
  mode: 'nearest' | 'linear',
): { data: Float32Array; dims: number[] } {
  const inner = dims.slice(axis + 1).reduce((product, size) => product * size, 1);
  const outer = dims.slice(0, axis).reduce((product, size) => product * size, 1);
  const size = dims[axis]!;
  const out = new (data.constructor as Float32ArrayConstructor)(outer * outSize * inner);
  for (let block = 0; block < outer; block++) {
    for (let i = 0; i < outSize; i++) {
      const to = (block * outSize + i) * inner;
      const first = (block * size + from[i]!) * inner;
      if (mode === 'nearest') {
        out.set(data.subarray(first, first + inner), to);
        continue;
      }
      const second = (block * size + next[i]!) * inner;
      for (let j = 0; j < inner; j++) {
        out[to + j] = data[first + j]! * weight[i]! + data[second + j]! * nextWeight[i]!;
      }
    }
  }
  return { data: out, dims: dims.with(axis, outSize) };
}
