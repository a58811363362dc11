import {
  engineNameOf,
  type PressedManifest,
  type SizeBounds,
  type SizeOfInput,
  type SizeTerm,
} from '../contract/manifest.ts';
import { defaultOutputs } from '../contract/signature.ts';
import type { AnswerPart } from './answer-limit.ts';
import { heapLimitBytes } from './platform/heap.ts';
import type { InferRequest } from './tensor/types.ts';
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

/** Returns the outputs of a request whose sizes are known before it runs. The request may be unchecked. */
export function foreseeOutputs(
  { signature, bounds }: Pick<PressedManifest, 'signature' | 'bounds'>,
  { inputs, outputs }: Pick<InferRequest, 'inputs' | 'outputs'>,
): (AnswerPart & { name: string })[] {
  if (bounds?.outputs === undefined || !Array.isArray(inputs)) {
    return [];
  }
  const shapes = new Map(
    signature.inputs.map(spec => {
      const shape: unknown = inputs.find(input => input?.name === spec.name)?.shape;
      return [
        engineNameOf(spec),
        { dims: Array.isArray(shape) ? shape.map(size => (typeof size === 'number' ? size : 0)) : [] },
      ];
    }),
  );
  const names =
    Array.isArray(outputs) && outputs.length > 0 ? outputs.map(output => output?.name) : undefined;
  const wanted = names === undefined ? defaultOutputs(signature.outputs) : signature.outputs;
  const values = bounds.sizes.map(of => sizeOf(of, shapes));
  return wanted.flatMap(({ name, datatype }) => {
    const known = bounds.outputs!.find(output => output.name === name);
    return known === undefined || names?.includes(name) === false
      ? []
      : { name, datatype, elements: countElements(known.dims, values) };
  });
}

/** The part of an input that determines sizes. */
interface Sized {
  dims: readonly number[];
  data?: ArrayLike<unknown>;
}

function sizeOf(of: readonly SizeOfInput[], inputs: ReadonlyMap<string, Sized>): number {
  return of.reduce((greatest, [name, axis]) => {
    const { dims = [], data = [] }: Partial<Sized> = inputs.get(name) ?? {};
    const length = (most: number, text: unknown) => Math.max(most, (text as string).length);
    return axis < 0 ? (data as string[]).reduce(length, greatest) : Math.max(greatest, dims[axis] ?? 1);
  }, 0);
}

function countElements(dims: readonly (readonly SizeTerm[])[], values: readonly number[]): number {
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
