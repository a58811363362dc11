const { fround } = Math;

/** Sums that ONNX Runtime computes side by side for a single row: product `i` belongs to sum `i % lanes`. */
export const lanes = 8;

/**
 * Adds up the lanes of a sum in the order of x64, which depends on how many columns it computes together: four while
 * there are as many, then two, then one.
 */
export function sumLanes(sums: Float32Array, column: number, columns: number): number {
  const [a, b, c, d, e, f, g, h] = sums as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const isFour = column < columns - (columns % 4);
  const isTwo = !isFour && column < columns - (columns % 2);
  const [low, high] = isFour
    ? [fround(fround(a + b) + c) + d, fround(fround(e + f) + g) + h]
    : isTwo
      ? [fround(a + c) + fround(e + g), fround(b + d) + fround(f + h)]
      : [fround(a + b) + fround(c + d), fround(e + f) + fround(g + h)];
  return fround(fround(low) + fround(high));
}

/** Returns how many products of several rows ONNX Runtime sums before it adds them to the rest; a power of 2. */
export function partDepthOf(columns: number, depth: number): number {
  if (columns >= depth || columns > 64) {
    return 128;
  }
  return columns > 32 ? 256 : columns > 16 ? 512 : 1024;
}
