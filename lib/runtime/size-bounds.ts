import type { SizeBounds, SizeOfInput, SizeTerm } from '../contract/manifest.ts';
import { heapLimitBytes } from './platform/heap.ts';
import { type CheckElements, limitTo } from './too-large.ts';

/**
 * Bytes of V8's heap limit, which follows the function's memory, per element of the largest tensor that inputs may
 * create. In measurements, a run at the limit took 4 to 5 bytes per element in ONNX Runtime, and 8 to 20 in the
 * compiled engine, which also keeps indices.
 */
const bytesPerElement = 24;

/** Every function has memory for this many; reading the actual limit adds to a cold start. */
const few = 2 ** 20;

/** The config's setting for `limitElements`. */
export const elementsSetting = 'http.limits.elements';

/** @param elements - the setting (default: a 24th of the bytes of V8's heap limit) */
export function mostElements(elements?: number | null): number {
  return elements || Math.floor(heapLimitBytes() / bytesPerElement);
}

/** @param elements - maximum elements of a tensor that inputs may create (default: that of `mostElements`) */
export function limitElements(elements?: number | null): CheckElements {
  if (elements) {
    return limitTo(elements, elementsSetting);
  }
  return (operator, count) => limitTo(count > few ? mostElements() : few, elementsSetting)(operator, count);
}

/** Computes the sizes that the model's operators would create from inputs, by the bounds found when it was pressed. */
export function checkSizes(
  { sizes, bounds }: SizeBounds,
  inputs: ReadonlyMap<string, Sized>,
  check: CheckElements,
): void {
  const values = sizes.map(of => sizeOf(of, inputs));
  for (const { operator, dims } of bounds) {
    check(operator, countElements(dims, values));
  }
}

/** The part of an input that determines sizes. */
interface Sized {
  dims: readonly number[];
  data?: ArrayLike<unknown>;
}

export function sizeOf(of: readonly SizeOfInput[], inputs: ReadonlyMap<string, Sized>): number {
  return of.reduce((greatest, [name, axis]) => {
    const { dims = [], data = [] }: Partial<Sized> = inputs.get(name) ?? {};
    const length = (most: number, text: unknown) => Math.max(most, (text as string).length);
    return axis < 0 ? (data as string[]).reduce(length, greatest) : Math.max(greatest, dims[axis] ?? 1);
  }, 0);
}

export function countElements(dims: readonly (readonly SizeTerm[])[], values: readonly number[]): number {
  let count = 1;
  for (const terms of dims) {
    let size = 0;
    for (const [factor, ...of] of terms) {
      size += of.reduce((term, index) => term * values[index]!, factor);
    }
    count *= size;
  }
  return count;
}
