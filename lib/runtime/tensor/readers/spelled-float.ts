import { type Elements, fromCell } from './elements.ts';

const spelledFloats: Record<string, number> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** Reads a float that is not written as a number. */
export function otherFloat(value: unknown, index: number, elements: Elements): number {
  if (typeof value === 'string' && Object.hasOwn(spelledFloats, value)) {
    return spelledFloats[value]!;
  }
  return fromCell(value, index, elements) as number;
}
