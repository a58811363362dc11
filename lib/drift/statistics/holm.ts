/**
 * P-values corrected for their number: the chance that any column without drift has one as small. Holm, A simple
 * sequentially rejective multiple test procedure, Scand. J. Stat. 6 (1979).
 */
export function correctByHolm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((a, b) => pValues[a]! - pValues[b]!);
  const corrected = new Array<number>(pValues.length);
  let least = 0;
  for (const [rank, index] of order.entries()) {
    least = Math.max(least, Math.min(1, (pValues.length - rank) * pValues[index]!));
    corrected[index] = least;
  }
  return corrected;
}
