import { EngineTensor } from '../../tensor.ts';
import { integersOf } from '../integers.ts';
import type { Kernel } from '../kernel.ts';
import { axisOf, stridedPositions, stridesOf } from '../shape.ts';
import { takeElements } from '../take-elements.ts';

interface Settings {
  axis: number;
  /** Before opset 13 sizes are an attribute; `null` means that they are the second input, if there is one. */
  sizes: number[] | null;
  /** The number of parts. If no sizes are given, all are of equal size except the last. */
  count: number;
  /** Whether the last part may be smaller than the others. */
  isUneven: boolean;
}

/** https://onnx.ai/onnx/operators/onnx__Split.html */
export const split: Kernel<Settings> =
  ({ axis, sizes, count, isUneven }) =>
  ({ type, data, dims }: EngineTensor, sizesInput: EngineTensor | undefined) => {
    const at = axisOf('Split', axis, dims.length);
    const size = dims[at]!;
    const given = sizes ?? (sizesInput === undefined ? [] : integersOf(sizesInput));
    const each = Math.ceil(size / count);
    if (given.length === 0 && !isUneven && each * count !== size) {
      throw new Error(`Split: ${size} elements do not make ${count} equal parts`);
    }
    const parts =
      given.length > 0
        ? given
        : Array.from({ length: count }, (_, i) => Math.max(0, Math.min(each, size - i * each)));
    const total = parts.reduce((sum, part) => sum + part, 0);
    if (parts.length !== count || total !== size || parts.some(part => part < 0)) {
      throw new Error(`Split: parts of ${parts.join(', ')} do not make up ${size} in ${count}`);
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
