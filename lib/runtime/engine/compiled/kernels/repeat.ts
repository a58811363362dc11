import { EngineTensor } from '../../tensor.ts';
import { countElements } from '../allocate.ts';
import { broadcastDims, broadcastPositions } from '../broadcast.ts';
import { integersOf } from '../integers.ts';
import type { Kernel } from '../kernel.ts';
import { stridedPositions, stridesOf } from '../shape.ts';
import { takeElements } from '../take-elements.ts';

/** https://onnx.ai/onnx/operators/onnx__Expand.html */
export const expand: Kernel =
  () =>
  ({ type, data, dims }: EngineTensor, shape: EngineTensor) => {
    const wanted = integersOf(shape);
    const rank = Math.max(dims.length, wanted.length);
    // Counted before the sizes are checked, as for ONNX Runtime: the larger of both sizes along each axis.
    countElements(
      'Expand',
      Array.from({ length: rank }, (_, axis) =>
        Math.max(dims[axis - rank + dims.length] ?? 1, wanted[axis - rank + wanted.length] ?? 1),
      ),
    );
    refuseNegative('Expand', wanted);
    const to = broadcastDims('Expand', [dims, wanted]);
    return [new EngineTensor(type, takeElements(data, broadcastPositions(dims, to)), to)];
  };

/** https://onnx.ai/onnx/operators/onnx__Tile.html */
export const tile: Kernel =
  () =>
  ({ type, data, dims }: EngineTensor, repeats: EngineTensor) => {
    const counts = integersOf(repeats);
    // Counted before the repeats are checked, as for ONNX Runtime.
    countElements('Tile', [...counts, data.length]);
    refuseNegative('Tile', counts);
    if (counts.length !== dims.length) {
      throw new Error(`Tile: ${counts.length} repeats of ${dims.length} dimensions`);
    }
    const to = dims.map((size, axis) => size * counts[axis]!);
    // Treats each dimension as two: the repetitions and the original.
    const strides = stridesOf(dims);
    const positions = stridedPositions(
      dims.flatMap((size, axis) => [counts[axis]!, size]),
      strides.flatMap(stride => [0, stride]),
    );
    return [new EngineTensor(type, takeElements(data, positions), to)];
  };

function refuseNegative(operator: string, sizes: number[]): void {
  if (sizes.some(size => size < 0)) {
    throw new Error(`${operator}: a size is negative, [${sizes.join(', ')}]`);
  }
}
