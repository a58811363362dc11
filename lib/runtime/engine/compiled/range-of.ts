import type { TensorData } from '../../../contract/tensor-data.ts';
import { isBig } from './array-like.ts';

/** Returns the range of an array of numbers. */
export function rangeOf(data: Exclude<TensorData, string[]>): Record<'least' | 'greatest', number | bigint> {
  if (data instanceof Float32Array || data instanceof Float64Array) {
    return { least: Number.NEGATIVE_INFINITY, greatest: Number.POSITIVE_INFINITY };
  }
  const bits = BigInt(8 * data.BYTES_PER_ELEMENT);
  const isSigned = /^(Big)?Int/.test(data.constructor.name);
  const range = isSigned
    ? { least: -(2n ** (bits - 1n)), greatest: 2n ** (bits - 1n) - 1n }
    : { least: 0n, greatest: 2n ** bits - 1n };
  return isBig(data) ? range : { least: Number(range.least), greatest: Number(range.greatest) };
}
