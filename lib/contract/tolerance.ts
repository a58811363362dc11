/**
 * How far an element may be from the expected one: `absolute * scale + relative * |expected|`. The scale is the
 * tensor's largest finite magnitude, at least 1: rounding errors in a sum depend on its terms, not on its result.
 */
export interface Tolerance {
  relative: number;
  absolute: number;
}

/** float16 has 13 fewer bits of mantissa than float32. */
const halfFactor = 100;
/** Distance between adjacent float16 values: relative to the value, and for the smallest ones. */
const halfPlace = 2 ** -10;
const leastHalf = 2 ** -24;

/**
 * Returns a tolerance whose absolute part contains the scale of the values: `absolute + relative * |expected|`.
 * @param values - the expected elements; NaN is ignored
 */
export function scaled(
  values: Iterable<unknown>,
  { relative, absolute }: Tolerance,
  { isHalf }: { isHalf: boolean },
): Tolerance {
  const factor = isHalf ? halfFactor : 1;
  let scale = 1;
  for (const value of values) {
    const magnitude = typeof value === 'number' ? Math.abs(value) : 0;
    scale = magnitude > scale && magnitude < Number.POSITIVE_INFINITY ? magnitude : scale;
  }
  return { relative: factor * relative, absolute: factor * absolute * scale };
}

/**
 * Returns the allowed difference for each element of a float tensor. For float16 it is at least one unit in the last
 * place, because almost equal numbers can round to values that far apart.
 * @param values - the expected elements; NaN is ignored
 */
export function allowance(
  values: Iterable<unknown>,
  tolerance: Tolerance,
  { isHalf }: { isHalf: boolean },
): (expected: number) => number {
  const { relative, absolute } = scaled(values, tolerance, { isHalf });
  return expected => {
    const size = Math.abs(expected);
    const allowed = absolute + relative * size;
    return isHalf ? Math.max(allowed, halfPlace * size, leastHalf) : allowed;
  };
}
