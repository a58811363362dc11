import { EngineTensor } from '../../tensor.ts';
import { integersOf } from '../integers.ts';
import type { Kernel } from '../kernel.ts';
import { axisOf, stridedPositions, stridesOf } from '../shape.ts';
import { takeElements } from '../take-elements.ts';

/** https://onnx.ai/onnx/operators/onnx__Compress.html */
export const compress: Kernel<{ axis: number | null }> =
  ({ axis }) =>
  ({ type, data, dims }: EngineTensor, condition: EngineTensor) => {
    const shape = axis === null ? [data.length] : dims;
    const at = axisOf('Compress', axis ?? 0, shape.length);
    // Conditions beyond the end are ignored.
    const kept = integersOf(condition)
      .slice(0, shape[at])
      .flatMap((flag, index) => (flag !== 0 ? index : []));
    const strides = stridesOf(shape);
    const to = shape.map((size, i) => (i === at ? kept.length : size));
    const positions = stridedPositions(
      to,
      strides.map((stride, i) => (i === at ? 0 : stride)),
    );
    const inner = stridesOf(to)[at]!;
    for (let i = 0; i < positions.length; i++) {
      positions[i]! += kept[Math.floor(i / inner) % kept.length]! * strides[at]!;
    }
    return [new EngineTensor(type, takeElements(data, positions), to)];
  };

/** https://onnx.ai/onnx/operators/onnx__NonZero.html */
export const nonZero: Kernel =
  () =>
  ({ data, dims }: EngineTensor) => {
    const found: number[] = [];
    for (let i = 0; i < data.length; i++) {
      if (Number(data[i]) !== 0) {
        found.push(i);
      }
    }
    const strides = stridesOf(dims);
    const out = new BigInt64Array(dims.length * found.length);
    for (const [axis, stride] of strides.entries()) {
      for (const [index, position] of found.entries()) {
        out[axis * found.length + index] = BigInt(Math.floor(position / stride) % dims[axis]!);
      }
    }
    return [new EngineTensor('int64', out, [dims.length, found.length])];
  };
