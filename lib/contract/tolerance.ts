/**
 * How far an element may be from the expected one: `absolute * scale + relative * |expected|`, where the scale is the
 * tensor's greatest finite magnitude, at least 1: rounding in a sum is as large as its terms, not as its result.
 */
export interface Tolerance {
  relative: number;
  absolute: number;
}

/** float16 has 13 bits of mantissa less than float32. */
const halfFactor = 100;
/** From a float16 to the next: of its value, and of the smallest. */
const halfPlace = 2 ** -10;
const leastHalf = 2 ** -24;

/**
 * The difference that is allowed from each element of a tensor of floats. Of float16 it is at least one unit in the last
 * place: what was rounded from numbers that are almost equal can be that far apart.
 * @param values - the expected elements; those that are not numbers do not count
 */
export function allowance(
  values: Iterable<unknown>,
  { relative, absolute }: Tolerance,
  { isHalf }: { isHalf: boolean },
): (expected: number) => number {
  const factor = isHalf ? halfFactor : 1;
  let scale = 1;
  for (const value of values) {
    const magnitude = typeof value === 'number' ? Math.abs(value) : 0;
    scale = magnitude > scale && magnitude < Number.POSITIVE_INFINITY ? magnitude : scale;
  }
  return expected => {
    const size = Math.abs(expected);
    const allowed = factor * (absolute * scale + relative * size);
    return isHalf ? Math.max(allowed, halfPlace * size, leastHalf) : allowed;
  };
}
