import type { EngineTensor } from '../../../tensor.ts';
import type { IntegerType } from './rounding.ts';

export type ByteTensor = EngineTensor & { type: 'uint8' | 'int8'; data: Uint8Array };
export type FloatTensor = EngineTensor & { data: Float32Array };

/** The quantization of integers: one scale and zero point, or one for each of several places. */
export interface Quantization {
  scale: FloatTensor;
  zero: ByteTensor | undefined;
}

/** Returns the scale of a product in units of the output, for each place with its own scale. */
export function productScales(left: FloatTensor, right: FloatTensor, out: FloatTensor): Float32Array {
  const [a, y] = [left.data[0]!, out.data[0]!];
  return Float32Array.from(right.data, b => Math.fround(a * b) / y);
}

/** Returns the type and zero point of an output. */
export function outputOf({ data, type }: ByteTensor): { zero: number; type: IntegerType } {
  return { zero: data[0]!, type };
}

/**
 * Subtracts the zero point from each element.
 * @param placeOf - returns which of several zero points an element has
 */
export function shifted(
  data: Uint8Array,
  zero: ByteTensor | undefined,
  placeOf: (index: number) => number,
): Int16Array {
  const zeros = zero?.data ?? Uint8Array.of(0);
  const only = zeros.length === 1 ? zeros[0]! : undefined;
  return Int16Array.from(data, (value, index) => value - (only ?? zeros[placeOf(index)]!));
}
