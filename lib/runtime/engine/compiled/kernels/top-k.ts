import { EngineTensor } from '../../tensor.ts';
import { countElements } from '../allocate.ts';
import { arrayLike } from '../array-like.ts';
import type { Kernel } from '../kernel.ts';
import { axisOf, elementCount } from '../shape.ts';

interface Settings {
  axis: number;
  isLargest: boolean;
  isSorted: boolean;
  /** Before opset 10 this is an attribute; `null` means that it is the second input. */
  count: number | null;
}

type Numbers = Float32Array;
/** Whether the element at one position ranks before the element at another. */
type Before = (a: number, b: number) => boolean;

/**
 * Equal elements keep their order. NaN ranks neither before nor after another number, so its place depends on the
 * algorithm, which is ONNX Runtime's: search for one element, a heap for a few, a sort for many.
 * https://onnx.ai/onnx/operators/onnx__TopK.html
 */
export const topK: Kernel<Settings> =
  ({ axis, isLargest, isSorted, count }) =>
  ({ type, data, dims }: EngineTensor, countInput: EngineTensor | undefined) => {
    const at = axisOf('TopK', axis, dims.length);
    const size = dims[at]!;
    const k = count ?? Number(countInput!.data[0]);
    if (countInput !== undefined && countInput.data.length !== 1) {
      throw new Error(`TopK: ${countInput.data.length} counts; expected one`);
    }
    if (!(k >= 0 && k <= size) && data.length === 0) {
      // ONNX Runtime cuts an empty tensor like a slice.
      const kept = k < 0 ? Math.max(0, size + k) : size;
      const none = dims.map((other, i) => (i === at ? kept : other));
      return [new EngineTensor(type, data, none), new EngineTensor('int64', new BigInt64Array(0), none)];
    }
    if (!(k >= 0 && k <= size)) {
      throw new Error(`TopK: ${k} of ${size} elements`);
    }
    const to = dims.map((other, i) => (i === at ? k : other));
    const values = arrayLike(data, countElements('TopK', to)) as Numbers;
    const indices = new BigInt64Array(values.length);
    const from = data as Numbers;
    const width = elementCount(dims.slice(at + 1));
    const rows = elementCount(dims.slice(0, at));
    const choose = chooserOf(k, size, isSorted);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < width; column++) {
        const start = row * size * width + column;
        const before: Before = isLargest
          ? (a, b) => isBefore(from[start + b * width]!, from[start + a * width]!, a < b)
          : (a, b) => isBefore(from[start + a * width]!, from[start + b * width]!, a < b);
        const chosen = choose(before, k, size);
        for (let i = 0; i < k; i++) {
          const into = (row * k + i) * width + column;
          values[into] = from[start + chosen[i]! * width]!;
          indices[into] = BigInt(chosen[i]!);
        }
      }
    }
    return [new EngineTensor(type, values, to), new EngineTensor('int64', indices, to)];
  };

function isBefore(less: number, more: number, isFirst: boolean): boolean {
  return less < more || (less === more && isFirst);
}

/** Above this power of the size, a heap is no faster than sorting; ONNX Runtime uses the same bound. */
const heapPower = 0.725;

type Choose = (before: Before, k: number, size: number) => ArrayLike<number>;

function chooserOf(k: number, size: number, isSorted: boolean): Choose {
  if (k <= 1) {
    return chooseOne;
  }
  return k < 4 || Math.log2(k) / Math.log2(size) < heapPower
    ? (...sizes) => chooseByHeap(isSorted, ...sizes)
    : chooseBySort;
}

const chooseOne: Choose = (before, _, size) => {
  let best = 0;
  for (let i = 1; i < size; i++) {
    best = before(i, best) ? i : best;
  }
  return [best];
};

/** Keeps the best elements in a heap whose top is the worst of them. */
function chooseByHeap(isSorted: boolean, before: Before, k: number, size: number): Int32Array {
  const heap = new Int32Array(k);
  for (let i = 0; i < k; i++) {
    heap[k - i - 1] = i;
    sink(heap, k - i - 1, k, before);
  }
  for (let i = k; i < size; i++) {
    if (before(i, heap[0]!)) {
      heap[0] = i;
      sink(heap, 0, k, before);
    }
  }
  if (!isSorted) {
    return heap;
  }
  const sorted = new Int32Array(k);
  for (let rest = k - 1; rest >= 0; rest--) {
    sorted[rest] = heap[0]!;
    heap[0] = heap[rest]!;
    sink(heap, 0, rest, before);
  }
  return sorted;
}

/** Moves an element of the heap down past children that it ranks before. */
function sink(heap: Int32Array, from: number, length: number, before: Before): void {
  const moved = heap[from]!;
  let at = from;
  for (let next = childPassed(heap, at, { moved, length, before }); next > 0; ) {
    heap[at] = heap[next]!;
    at = next;
    next = childPassed(heap, at, { moved, length, before });
  }
  heap[at] = moved;
}

/** Returns the child that an element sinks past, of two the one that ranks last, or 0 if the element stays. */
function childPassed(
  heap: Int32Array,
  at: number,
  { moved, length, before }: { moved: number; length: number; before: Before },
): number {
  const left = 2 * at + 1;
  const right = left + 1;
  const isPastLeft = left < length && before(moved, heap[left]!);
  if (right >= length) {
    return isPastLeft ? left : 0;
  }
  if (isPastLeft) {
    return before(heap[right]!, heap[left]!) ? left : right;
  }
  return before(moved, heap[right]!) ? right : 0;
}

const chooseBySort: Choose = (before, k, size) =>
  Array.from({ length: size }, (_, i) => i)
    .sort((a, b) => (before(a, b) ? -1 : before(b, a) ? 1 : 0))
    .slice(0, k);
