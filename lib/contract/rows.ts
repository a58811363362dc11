import type { TensorData } from './tensor-data.ts';

interface Elements {
  /** Row-major. */
  data: TensorData;
  shape: readonly number[];
}

/** Returns a copy of the rows `start` to `end` along an axis, row-major. */
export function takeRows({ data, shape }: Elements, axis: number, start: number, end: number): TensorData {
  const size = product(shape.slice(axis + 1));
  const step = shape[axis]! * size;
  const from = start * size;
  const to = end * size;
  if (step === data.length) {
    return data.slice(from, to);
  }
  // The axis is not the first, so there is one block of rows for each index of the dimensions before it.
  const blocks: TensorData[] = [];
  for (let at = 0; at < data.length; at += step) {
    blocks.push(data.slice(at + from, at + to));
  }
  return concat(blocks, data);
}

/** Joins tensors that differ only in rows along an axis, in order. */
export function joinRows(tensors: readonly Elements[], axis: number): { shape: number[]; data: TensorData } {
  const [first] = tensors;
  const shape = [...first!.shape];
  shape[axis] = tensors.reduce((sum, tensor) => sum + tensor.shape[axis]!, 0);
  const blocks = tensors.map(tensor => tensor.data);
  const outers = product(shape.slice(0, axis));
  if (outers === 1 || product(shape) === 0) {
    return { shape, data: concat(blocks, first!.data) };
  }
  const sizes = blocks.map(block => block.length / outers);
  const interleaved = Array.from({ length: outers }, (_, outer) =>
    blocks.map((block, index) => block.slice(outer * sizes[index]!, (outer + 1) * sizes[index]!)),
  );
  return { shape, data: concat(interleaved.flat(), first!.data) };
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((result, size) => result * size, 1);
}

/** @param like - an array of the result's type, because there may be no blocks */
function concat(blocks: readonly TensorData[], like: TensorData): TensorData {
  if (Array.isArray(like)) {
    return (blocks as string[][]).flat();
  }
  const length = blocks.reduce((sum, block) => sum + block.length, 0);
  // All blocks have the same datatype, and so the same kind of array.
  const all = new (like.constructor as Float32ArrayConstructor)(length);
  let at = 0;
  for (const block of blocks as Float32Array[]) {
    all.set(block, at);
    at += block.length;
  }
  return all;
}
