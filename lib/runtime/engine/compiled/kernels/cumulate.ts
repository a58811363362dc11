import { EngineTensor } from '../../tensor.ts';
import { arrayLike } from '../array-like.ts';
import { integersOf } from '../integers.ts';
import type { Kernel } from '../kernel.ts';
import { axisOf, elementCount } from '../shape.ts';

/** https://onnx.ai/onnx/operators/onnx__CumSum.html; `isExclusive` leaves an element out of its own sum. */
export const cumSum: Kernel<{ isExclusive: boolean; isReverse: boolean }> =
  ({ isExclusive, isReverse }) =>
  ({ type, data, dims }: EngineTensor, axisInput: EngineTensor) => {
    if (data.length === 0) {
      return [new EngineTensor(type, data, dims)];
    }
    const axis = axisOf('CumSum', integersOf(axisInput)[0] ?? 0, dims.length);
    const size = dims[axis]!;
    const width = elementCount(dims.slice(axis + 1));
    const from = data as Float32Array;
    const out = arrayLike(from, from.length);
    for (let start = 0; start < from.length; start += size * width) {
      for (let column = 0; column < width; column++) {
        const at = (i: number) => start + (isReverse ? size - 1 - i : i) * width + column;
        for (let i = 0; i < size; i++) {
          const own = isExclusive ? i - 1 : i;
          if (i > 0) {
            out[at(i)] = out[at(i - 1)]! + from[at(own)]!;
          } else if (!isExclusive) {
            out[at(0)] = from[at(0)]!;
          }
        }
      }
    }
    return [new EngineTensor(type, out, dims)];
  };
