import type { TensorData, TensorType } from '../../../../../contract/tensor-data.ts';
import { EngineTensor } from '../../../tensor.ts';
import { arrayLike } from '../../array-like.ts';
import { broadcastDims, broadcastPositions } from '../../broadcast.ts';
import { elementCount } from '../../shape.ts';

type Numbers = Float32Array;
type Compute = (a: number, b: number) => number;

/**
 * Computes an element from each pair that two tensors of numbers, or of bigints, broadcast to.
 * @param out - the `type` of the result, and `make` for its array (default: those of `a`)
 */
export function eachPair(
  operator: string,
  [a, b]: readonly [EngineTensor, EngineTensor],
  compute: (a: never, b: never) => unknown,
  out: { type: TensorType; make(length: number): TensorData } = {
    type: a.type,
    make: length => arrayLike(a.data, length),
  },
): EngineTensor {
  const dims = broadcastDims(operator, [a.dims, b.dims]);
  const results = out.make(elementCount(dims)) as Numbers;
  fill(results, [a, b], dims, compute as Compute);
  return new EngineTensor(out.type, results, dims);
}

function fill(out: Numbers, [a, b]: readonly [EngineTensor, EngineTensor], dims: number[], compute: Compute) {
  const [x, y] = [a.data as Numbers, b.data as Numbers];
  const length = out.length;
  if (y.length === 1) {
    const second = y[0]!;
    for (let i = 0; i < length; i++) {
      out[i] = compute(x[i]!, second);
    }
  } else if (x.length === 1) {
    const first = x[0]!;
    for (let i = 0; i < length; i++) {
      out[i] = compute(first, y[i]!);
    }
  } else if (isTail(b.dims, dims) && x.length === length) {
    const width = y.length;
    for (let i = 0, j = 0; i < length; i++, j = j + 1 === width ? 0 : j + 1) {
      out[i] = compute(x[i]!, y[j]!);
    }
  } else {
    const [left, right] = [broadcastPositions(a.dims, dims), broadcastPositions(b.dims, dims)];
    for (let i = 0; i < length; i++) {
      out[i] = compute(x[left[i]!]!, y[right[i]!]!);
    }
  }
}

/** Whether a shape repeats as a whole within another, because it equals its last dimensions. */
function isTail(dims: readonly number[], to: readonly number[]): boolean {
  const first = dims.findIndex(size => size !== 1);
  const own = first < 0 ? [] : dims.slice(first);
  return own.every((size, index) => size === to[to.length - own.length + index]);
}
