import type { Manifest, SizeBounds } from '../contract/manifest.ts';
import type { EngineTensor } from './engine/tensor.ts';
import { heapLimitBytes } from './platform/heap.ts';
import { tooLarge } from './too-large.ts';

/**
 * Bytes of memory for each element of the largest tensor that inputs may make. A FLOAT takes 4; an operator holds what
 * it takes beside what it makes, and engines round up and keep indices: docs/limits.md has what was measured.
 */
const bytesPerElement = 16;

/** Any function has memory for so many; to know how much it has costs time of a cold start. */
const few = 2 ** 20;

/** @throws RequestError 413 SIZE where an operator would make more elements than there may be */
export type CheckElements = (operator: string, count: number) => void;

/** Of the largest tensor that inputs may make: the config's, or a 16th of the bytes that V8's heap may take. */
export function limitElements({ http }: Partial<Pick<Manifest, 'http'>>): CheckElements {
  const elements = http?.limits.elements;
  return (operator, count) => {
    const most = elements ?? (count > few ? Math.floor(heapLimitBytes() / bytesPerElement) : few);
    if (count > most) {
      throw tooLarge(operator, `${Math.round(count)} elements`, `${most} (http.limits.elements)`);
    }
  };
}

/** Computes what the model's operators would make of inputs, by the bounds that were learnt when it was pressed. */
export function checkSizes(
  { sizes, bounds }: SizeBounds,
  inputs: Map<string, EngineTensor>,
  check: CheckElements,
): void {
  const values = sizes.map(of =>
    of.reduce((greatest, [name, axis]) => {
      const tensor = inputs.get(name);
      return axis < 0
        ? longest(greatest, tensor?.data as string[])
        : Math.max(greatest, tensor?.dims[axis] ?? 1);
    }, 0),
  );
  for (const { operator, dims } of bounds) {
    check(
      operator,
      dims.reduce((made, terms) => {
        const size = terms.map(([factor, ...of]) =>
          of.reduce((term, index) => term * values[index]!, factor),
        );
        return made * size.reduce((sum, term) => sum + term);
      }, 1),
    );
  }
}

function longest(length: number, texts: string[] = []): number {
  return texts.reduce((most, text) => Math.max(most, text.length), length);
}
