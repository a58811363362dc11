import { EngineTensor } from '../../tensor.ts';
import { countElements } from '../allocate.ts';
import { arrayLike } from '../array-like.ts';
import { integersOf } from '../integers.ts';
import type { Kernel } from '../kernel.ts';
import { axisOf, elementCount, stridedPositions, stridesOf } from '../shape.ts';
import { takeElements } from '../take-elements.ts';

/** https://onnx.ai/onnx/operators/onnx__Gather.html */
export const gather: Kernel<{ axis: number }> =
  ({ axis }) =>
  ({ type, data, dims }: EngineTensor, indices: EngineTensor) => {
    const at = axisOf('Gather', axis, dims.length);
    const picked = indicesOf('Gather', indices, dims[at]!);
    const rows = elementCount(dims.slice(0, at));
    const width = elementCount(dims.slice(at + 1));
    const to = [...dims.slice(0, at), ...indices.dims, ...dims.slice(at + 1)];
    const out = arrayLike(data, countElements('Gather', to)) as Float32Array;
    const from = data as Float32Array;
    let into = 0;
    for (let row = 0; row < rows; row++) {
      for (const index of picked) {
        const start = (row * dims[at]! + index) * width;
        for (let i = 0; i < width; i++) {
          out[into++] = from[start + i]!;
        }
      }
    }
    return [new EngineTensor(type, out, to)];
  };

/** https://onnx.ai/onnx/operators/onnx__GatherElements.html */
export const gatherElements: Kernel<{ axis: number }> =
  ({ axis }) =>
  ({ type, data, dims }: EngineTensor, indices: EngineTensor) => {
    const at = axisOf('GatherElements', axis, dims.length);
    const positions = elementPositions('GatherElements', dims, indices, at);
    return [new EngineTensor(type, takeElements(data, positions), indices.dims)];
  };

/** https://onnx.ai/onnx/operators/onnx__GatherND.html */
export const gatherNd: Kernel<{ batchDims: number }> =
  ({ batchDims }) =>
  ({ type, data, dims }: EngineTensor, indices: EngineTensor) => {
    const depth = indices.dims.at(-1) ?? 0;
    const width = elementCount(dims.slice(batchDims + depth));
    const to = [...indices.dims.slice(0, -1), ...dims.slice(batchDims + depth)];
    const starts = slicePositions('GatherND', dims, indices, batchDims);
    const positions = new Uint32Array(countElements('GatherND', to));
    for (const [index, start] of starts.entries()) {
      for (let i = 0; i < width; i++) {
        positions[index * width + i] = start + i;
      }
    }
    return [new EngineTensor(type, takeElements(data, positions), to)];
  };

/** Returns indices into a dimension; negative ones count from its end. @throws Error if an index is out of range */
export function indicesOf(operator: string, indices: EngineTensor, size: number): number[] {
  const values = integersOf(indices);
  for (let i = 0; i < values.length; i++) {
    const index = values[i]! < 0 ? values[i]! + size : values[i]!;
    if (!(index >= 0 && index < size)) {
      throw new Error(`${operator}: index ${values[i]} is out of range, [${-size}, ${size})`);
    }
    values[i] = index;
  }
  return values;
}

/** Returns the positions of the elements that indices select along an axis, at the same place along the others. */
export function elementPositions(
  operator: string,
  dims: readonly number[],
  indices: EngineTensor,
  axis: number,
): Uint32Array {
  const fits =
    indices.dims.length === dims.length && indices.dims.every((size, i) => i === axis || size <= dims[i]!);
  if (!fits) {
    throw new Error(`${operator}: indices of [${indices.dims.join(', ')}] do not fit [${dims.join(', ')}]`);
  }
  const strides = stridesOf(dims);
  const picked = indicesOf(operator, indices, dims[axis]!);
  const positions = stridedPositions(
    indices.dims,
    strides.map((stride, i) => (i === axis ? 0 : stride)),
  );
  for (let i = 0; i < positions.length; i++) {
    positions[i]! += picked[i]! * strides[axis]!;
  }
  return positions;
}

/** Returns the start of each slice that the indices' last dimension selects. */
export function slicePositions(
  operator: string,
  dims: readonly number[],
  indices: EngineTensor,
  batchDims: number,
): number[] {
  const depth = indices.dims.at(-1);
  if (depth === undefined || batchDims + depth > dims.length || depth === 0) {
    throw new Error(`${operator}: indices of [${indices.dims.join(', ')}] do not fit [${dims.join(', ')}]`);
  }
  const strides = stridesOf(dims);
  const values = integersOf(indices);
  const count = values.length / depth;
  const perBatch = count / elementCount(dims.slice(0, batchDims));
  const batchStride = elementCount(dims.slice(batchDims));
  return Array.from({ length: count }, (_, slice) => {
    let position = Math.floor(slice / perBatch) * batchStride;
    for (let i = 0; i < depth; i++) {
      const size = dims[batchDims + i]!;
      const value = values[slice * depth + i]!;
      const index = value < 0 ? value + size : value;
      if (!(index >= 0 && index < size)) {
        throw new Error(`${operator}: index ${value} is out of range, [${-size}, ${size})`);
      }
      position += index * strides[batchDims + i]!;
    }
    return position;
  });
}
