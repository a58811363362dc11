import { toFloat16Bits } from '../../lib/contract/float16.ts';

type FloatType = 'float16' | 'float32' | 'float64';

/** Number of steps between two floats of a type; 0 for equal ones, and for 0 and -0. */
export function ulpsBetween(type: FloatType, a: number, b: number): number {
  if (Object.is(a, b) || a === b) {
    return 0;
  }
  if (Number.isNaN(a) || Number.isNaN(b)) {
    return Number.POSITIVE_INFINITY;
  }
  const distance = order(type, a) - order(type, b);
  return Number(distance < 0n ? -distance : distance);
}

const bitsOf: Record<FloatType, (size: number) => bigint> = {
  float16: size => BigInt(toFloat16Bits(size)),
  float32: size => BigInt(new Int32Array(Float32Array.of(size).buffer)[0]!),
  float64: size => new BigInt64Array(Float64Array.of(size).buffer)[0]!,
};

/** The rank of a float among all floats of its type. */
function order(type: FloatType, value: number): bigint {
  const bits = bitsOf[type](Math.abs(value));
  return value < 0 ? -bits : bits;
}
