const { fround } = Math;

/** Sums that ONNX Runtime computes side by side for a single row: product `i` belongs to sum `i % lanes`. */
export const lanes = 8;

/**
 * Adds up the lanes of a sum in the order of x64, which depends on how many columns it computes together: four while
 * there are as many, then two, then one.
 */
export function sumLanes(sums: Float32Array, column: number, columns: number): number {
  if (column < columns - (columns % 4)) {
    return fround(inTurn(sums, 0) + inTurn(sums, 4));
  }
  return column < columns - (columns % 2)
    ? fround(byTwos(sums, 0, 2) + byTwos(sums, 1, 2))
    : fround(byTwos(sums, 0, 1) + byTwos(sums, 4, 1));
}

function inTurn(sums: Float32Array, first: number): number {
  return fround(fround(fround(sums[first]! + sums[first + 1]!) + sums[first + 2]!) + sums[first + 3]!);
}

/** Adds four lanes, `step` apart, as the sum of two sums. */
function byTwos(sums: Float32Array, first: number, step: number): number {
  return fround(
    fround(sums[first]! + sums[first + step]!) + fround(sums[first + 2 * step]! + sums[first + 3 * step]!),
  );
}

/** Returns how many products of several rows ONNX Runtime sums before it adds them to the rest; a power of 2. */
export function partDepthOf(columns: number, depth: number): number {
  if (columns >= depth || columns > 64) {
    return 128;
  }
  return columns > 32 ? 256 : columns > 16 ? 512 : 1024;
}
