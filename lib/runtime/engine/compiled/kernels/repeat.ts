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
    refuseNegative('Expand', wanted);
    const to = broadcastDims('Expand', [dims, wanted]);
    return [new EngineTensor(type, takeElements(data, broadcastPositions(dims, to)), to)];
  };

/** https://onnx.ai/onnx/operators/onnx__Tile.html */
export const tile: Kernel =
  () =>
  ({ type, data, dims }: EngineTensor, repeats: EngineTensor) => {
    const counts = integersOf(repeats);
    refuseNegative('Tile', counts);
    if (counts.length !== dims.length) {
      throw new Error(`Tile: ${counts.length} repeats of ${dims.length} dimensions`);
    }
    const to = dims.map((size, axis) => size * counts[axis]!);
    countElements('Tile', to);
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
