import { LEAST_ROWS, MOST_BINS } from '../../contract/profile.ts';

/** No 64-bit float needs more significant digits. */
const mostDigits = 17;

/**
 * Returns edges between bins of about as many values each. An edge falls between two values: a frequent value, often 0,
 * has its own bin, and no value of the data becomes an edge.
 * @param values - finite
 */
export function binNumbers(values: Float64Array): number[] {
  const sorted = values.toSorted();
  const bins = Math.min(MOST_BINS, Math.floor(sorted.length / LEAST_ROWS));
  const edges: number[] = [];
  let inBin = 0;
  for (const [index, value] of sorted.entries()) {
    const before = sorted[index - 1];
    const left = sorted.length - index;
    const wanted = (inBin + left) / (bins - edges.length);
    const isFull = inBin >= Math.max(LEAST_ROWS, Math.round(wanted)) && left >= LEAST_ROWS;
    // A frequent value would fill the bin of the values below it.
    const isFrequent = () => inBin >= LEAST_ROWS && sorted[index + Math.round(wanted) - 1] === value;
    if (before !== undefined && before < value && edges.length < bins - 1 && (isFull || isFrequent())) {
      edges.push(between(before, value));
      inBin = 0;
    }
    inBin += 1;
  }
  return edges;
}

/** Returns the midpoint in few digits, to keep profiles small. It is above `first` and at most `second`. */
function between(first: number, second: number): number {
  const middle = first / 2 + second / 2;
  for (let digits = 1; digits <= mostDigits; digits += 1) {
    const rounded = Number(middle.toPrecision(digits));
    if (first < rounded && rounded < second) {
      return rounded;
    }
  }
  return second;
}
