import type { TensorData } from '../../contract/tensor-data.ts';

interface Elements {
  /** Row-major. */
  data: TensorData;
  shape: readonly number[];
}

/** The elements of the rows `start` to `end` along an axis, row-major, as a copy. */
export function takeRows({ data, shape }: Elements, axis: number, start: number, end: number): TensorData {
  const rows = shape[axis]!;
  const size = product(shape.slice(axis + 1));
  // One block where the axis is the first; else one in each of the outer dimensions.
  const blocks = Array.from({ length: product(shape.slice(0, axis)) }, (_, outer) =>
    data.slice((outer * rows + start) * size, (outer * rows + end) * size),
  );
  return blocks.length === 1 ? blocks[0]! : concat(blocks, data);
}

/** Tensors that differ in nothing but rows, as one: joined along an axis, in order. */
export function joinRows(tensors: readonly Elements[], axis: number): { shape: number[]; data: TensorData } {
  const [first] = tensors;
  const shape = [...first!.shape];
  shape[axis] = tensors.reduce((sum, tensor) => sum + tensor.shape[axis]!, 0);
  const outers = product(shape.slice(0, axis));
  if (outers === 1) {
    return {
      shape,
      data: concat(
        tensors.map(tensor => tensor.data),
        first!.data,
      ),
    };
  }
  const blocks: TensorData[] = [];
  for (let outer = 0; outer < outers; outer++) {
    for (const { data, shape } of tensors) {
      const size = product(shape.slice(axis));
      blocks.push(data.slice(outer * size, (outer + 1) * size));
    }
  }
  return { shape, data: concat(blocks, first!.data) };
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((result, size) => result * size, 1);
}

/** @param like - of the kind that the result is to be; there may be no blocks */
function concat(blocks: readonly TensorData[], like: TensorData): TensorData {
  if (Array.isArray(like)) {
    return (blocks as string[][]).flat();
  }
  const length = blocks.reduce((sum, block) => sum + block.length, 0);
  // All blocks are of one datatype, so of one kind of array.
  const all = new (like.constructor as Float32ArrayConstructor)(length);
  let at = 0;
  for (const block of blocks as Float32Array[]) {
    all.set(block, at);
    at += block.length;
  }
  return all;
}
