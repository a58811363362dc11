import { badElement, type Elements, fromCell } from './elements.ts';

export function readBigInts(
  values: readonly unknown[],
  out: BigInt64Array | BigUint64Array,
  elements: Elements,
): void {
  const { offset } = elements;
  for (let i = 0; i < values.length; i++) {
    const value = toBigInt(values[i]) ?? (fromCell(values[i], i, elements) as bigint);
    out[offset + i] = value;
    if (out[offset + i] !== value) {
      throw badElement(i, values[i], elements);
    }
  }
}

/** A JSON number above 2^53 may already have been rounded by its parser, so only a string of digits is safe. */
function toBigInt(value: unknown): bigint | undefined {
  if (Number.isSafeInteger(value)) {
    return BigInt(value as number);
  }
  if (typeof value === 'bigint') {
    return value;
  }
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? BigInt(value) : undefined;
}
