import type { SizeBounds } from '../contract/manifest.ts';
import type { EngineTensor } from './engine/tensor.ts';
import { heapLimitBytes } from './platform/heap.ts';
import { type CheckElements, limitTo } from './too-large.ts';

/**
 * Bytes of V8's heap limit, which follows the function's memory, for each element of the largest tensor that inputs may
 * make. Measured, a run at the limit took 4 to 5 bytes an element in ONNX Runtime, and 8 to 20 in the compiled engine,
 * which keeps indices beside what it makes.
 */
const bytesPerElement = 24;

/** Any function has memory for so many; to know how much it has costs time of a cold start. */
const few = 2 ** 20;

/** @param elements - of the largest tensor that inputs may make; default: a 24th of the bytes that V8's heap may take */
export function limitElements(elements?: number | null): CheckElements {
  if (elements) {
    return limitTo(elements);
  }
  return (operator, count) =>
    limitTo(count > few ? Math.floor(heapLimitBytes() / bytesPerElement) : few)(operator, count);
}

/** Computes what the model's operators would make of inputs, by the bounds that were learnt when it was pressed. */
export function checkSizes(
  { sizes, bounds }: SizeBounds,
  inputs: Map<string, EngineTensor>,
  check: CheckElements,
): void {
  const values = sizes.map(of =>
    of.reduce((greatest, [name, axis]) => {
      const { dims = [], data = [] }: Partial<EngineTensor> = inputs.get(name) ?? {};
      const length = (most: number, text: unknown) => Math.max(most, (text as string).length);
      return axis < 0 ? (data as string[]).reduce(length, greatest) : Math.max(greatest, dims[axis] ?? 1);
    }, 0),
  );
  for (const { operator, dims } of bounds) {
    let made = 1;
    for (const terms of dims) {
      let size = 0;
      for (const [factor, ...of] of terms) {
        size += of.reduce((term, index) => term * values[index]!, factor);
      }
      made *= size;
    }
    check(operator, made);
  }
}
