/** How many floats of a type lie between two, both ends of it counted once; 0 for equal ones, and for 0 and -0. */
export function ulpsBetween(type: 'float32' | 'float64', a: number, b: number): number {
  if (Object.is(a, b) || a === b) {
    return 0;
  }
  if (Number.isNaN(a) || Number.isNaN(b)) {
    return Number.POSITIVE_INFINITY;
  }
  const distance = order(type, a) - order(type, b);
  return Number(distance < 0n ? -distance : distance);
}

/** The place of a float among all of its type. */
function order(type: 'float32' | 'float64', value: number): bigint {
  const bits =
    type === 'float32'
      ? BigInt(new Int32Array(Float32Array.of(Math.abs(value)).buffer)[0]!)
      : new BigInt64Array(Float64Array.of(Math.abs(value)).buffer)[0]!;
  return value < 0 ? -bits : bits;
}
