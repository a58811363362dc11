import { EngineTensor } from '../../tensor.ts';
import type { Kernel } from '../kernel.ts';
import { stridedPositions, stridesOf } from '../shape.ts';
import { takeElements } from '../take-elements.ts';

/** https://onnx.ai/onnx/operators/onnx__Transpose.html */
export const transpose: Kernel<{ perm: number[] | null }> =
  ({ perm }) =>
  ({ type, data, dims }: EngineTensor) => {
    const order = perm ?? dims.map((_, axis) => dims.length - 1 - axis);
    if (order.length !== dims.length) {
      throw new Error(`Transpose: perm has ${order.length} axes, the input ${dims.length}`);
    }
    const strides = stridesOf(dims);
    const to = order.map(axis => dims[axis]!);
    // If only dimensions of 1 move, the elements stay in place.
    const moved = order.filter(axis => dims[axis] !== 1);
    if (moved.every((axis, index) => index === 0 || axis > moved[index - 1]!)) {
      return [new EngineTensor(type, data, to)];
    }
    const positions = stridedPositions(
      to,
      order.map(axis => strides[axis]!),
    );
    return [new EngineTensor(type, takeElements(data, positions), to)];
  };
