import { gammaln } from 'simple-statistics';

/** Draws the number of marked items among `drawn` items of a population of `total`, of which `marked` are marked. */
export function drawHypergeometric(
  { total, marked, drawn }: { total: number; marked: number; drawn: number },
  random: () => number,
): number {
  const least = Math.max(0, drawn + marked - total);
  const most = Math.min(marked, drawn);
  if (least === most) {
    return least;
  }
  // Starts at the mode and goes outwards, which takes few steps: about as many as the standard deviation.
  const mode = Math.floor(((marked + 1) * (drawn + 1)) / (total + 2));
  const rest = total - marked - drawn;
  let [low, high] = [mode, mode];
  let [lowChance, highChance] = Array<number>(2).fill(
    Math.exp(lnChoose(marked, mode) + lnChoose(total - marked, drawn - mode) - lnChoose(total, drawn)),
  ) as [number, number];
  let left = random() - lowChance;
  while (left >= 0 && (low > least || high < most)) {
    if (high < most) {
      highChance *= ((marked - high) * (drawn - high)) / ((high + 1) * (rest + high + 1));
      high += 1;
      left -= highChance;
      if (left < 0) {
        return high;
      }
    }
    if (low > least) {
      lowChance *= (low * (rest + low)) / ((marked - low + 1) * (drawn - low + 1));
      low -= 1;
      left -= lowChance;
      if (left < 0) {
        return low;
      }
    }
    if (lowChance + highChance < 1e-18) {
      // The remainder is rounding error.
      return mode;
    }
  }
  return mode;
}

function lnChoose(n: number, k: number): number {
  return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1);
}
