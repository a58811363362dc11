import { EngineTensor } from '../../tensor.ts';
import { integersOf } from '../integers.ts';
import type { Kernel } from '../kernel.ts';
import { axisOf, stridedPositions, stridesOf } from '../shape.ts';
import { takeElements } from '../take-elements.ts';

interface Settings {
  axis: number;
  /** Before opset 13 sizes are an attribute; `null` means that they are the second input, if there is one. */
  sizes: number[] | null;
  /** The number of parts if no sizes are given; all are of equal size except the last. */
  count: number;
}

/** https://onnx.ai/onnx/operators/onnx__Split.html */
export const split: Kernel<Settings> =
  ({ axis, sizes, count }) =>
  ({ type, data, dims }: EngineTensor, sizesInput: EngineTensor | undefined) => {
    const at = axisOf('Split', axis, dims.length);
    const size = dims[at]!;
    const each = Math.ceil(size / count);
    const parts =
      sizes ??
      (sizesInput === undefined
        ? Array.from({ length: count }, (_, i) => Math.max(0, Math.min(each, size - i * each)))
        : integersOf(sizesInput));
    if (parts.reduce((sum, part) => sum + part, 0) !== size || parts.some(part => part < 0)) {
      throw new Error(`Split: parts of ${parts.join(', ')} do not make up ${size}`);
    }
    const strides = stridesOf(dims);
    let start = 0;
    return parts.map(part => {
      const to = dims.map((other, i) => (i === at ? part : other));
      const positions = stridedPositions(to, strides, start * strides[at]!);
      start += part;
      return new EngineTensor(type, takeElements(data, positions), to);
    });
  };
