import { LEAST_ROWS, MOST_BINS } from '../../contract/profile.ts';

/**
 * Edges between bins of about as many values each. An edge lies halfway between two values: one that is frequent, as 0
 * often is, has a bin of its own, and no value of the data becomes an edge.
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
    // A frequent value would fill the bin of those before it.
    const isFrequent = () => inBin >= LEAST_ROWS && sorted[index + Math.round(wanted) - 1] === value;
    if (before !== undefined && before < value && edges.length < bins - 1 && (isFull || isFrequent())) {
      edges.push(halfway(before, value));
      inBin = 0;
    }
    inBin += 1;
  }
  return edges;
}

/** Above the first, at most the second. */
function halfway(first: number, second: number): number {
  const middle = first / 2 + second / 2;
  return middle > first ? middle : second;
}
