import { EngineTensor } from '../../tensor.ts';
import { integersOf } from '../integers.ts';
import type { Kernel } from '../kernel.ts';
import { axisOf, stridedPositions, stridesOf } from '../shape.ts';
import { takeElements } from '../take-elements.ts';

/** Before opset 10 these are attributes; `null` means that they are inputs. */
interface Settings {
  starts: number[] | null;
  ends: number[] | null;
  axes: number[] | null;
}

/** https://onnx.ai/onnx/operators/onnx__Slice.html */
export const slice: Kernel<Settings> =
  settings =>
  ({ type, data, dims }: EngineTensor, ...inputs: (EngineTensor | undefined)[]) => {
    const [startsInput, endsInput, axesInput, stepsInput] = inputs.map(input => input && integersOf(input));
    const starts = settings.starts ?? startsInput!;
    const ends = settings.ends ?? endsInput!;
    const axes = settings.axes ?? axesInput ?? [...starts.keys()];
    const steps = stepsInput ?? starts.map(() => 1);
    if ([ends, axes, steps].some(list => list.length !== starts.length)) {
      throw new Error('Slice: starts, ends, axes and steps have several lengths');
    }
    if (new Set(axes.map(axis => axisOf('Slice', axis, dims.length))).size < axes.length) {
      throw new Error('Slice: an axis appears twice');
    }
    const own = stridesOf(dims);
    const [to, strides] = [[...dims], [...own]];
    let offset = 0;
    for (const [index, given] of axes.entries()) {
      const axis = axisOf('Slice', given, dims.length);
      const { first, count, step } = range(dims[axis]!, starts[index]!, ends[index]!, steps[index]!);
      to[axis] = count;
      strides[axis] = own[axis]! * step;
      offset += count > 0 ? first * own[axis]! : 0;
    }
    return [new EngineTensor(type, takeElements(data, stridedPositions(to, strides, offset)), to)];
  };

/** Clamps bounds beyond either end, like Python slices. */
function range(size: number, start: number, end: number, step: number) {
  if (step === 0) {
    throw new Error('Slice: a step is 0');
  }
  const fromEnd = (bound: number) => (bound < 0 ? bound + size : bound);
  const clamp = (bound: number, least: number, most: number) => Math.min(Math.max(bound, least), most);
  const [least, most] = step > 0 ? [0, size] : [-1, size - 1];
  const first = clamp(fromEnd(start), step > 0 ? 0 : 0, step > 0 ? size : size - 1);
  const last = clamp(fromEnd(end), least, most);
  return { first, step, count: Math.max(0, Math.ceil((last - first) / step)) };
}
