import { missingSlot } from '../../contract/drift-counts.ts';
import { sum } from './distances.ts';
import { drawHypergeometric } from './hypergeometric.ts';
import { drawHistogram } from './random.ts';
import { boundTail } from './tail-bound.ts';

export interface Histograms {
  reference: readonly number[];
  current: readonly number[];
}

/** Models two histograms of one population, which differ by chance alone. */
export interface NoDrift {
  draw(random: () => number): Histograms;
  /** An upper bound of the chance of such a large likelihood ratio, for tails that simulation cannot reach. */
  boundTail(nats: number): number;
}

/**
 * For bins that do not depend on the rows of either side. Given the rows of both together, every split of them is
 * equally likely (Fisher's exact test), whatever the population.
 */
export function fixedBins({ reference, current }: Histograms): NoDrift {
  const both = reference.map((rows, bin) => rows + current[bin]!);
  const rows = sum(current);
  return {
    draw(random) {
      const drawn = splitOf(both, rows, random);
      return { reference: both.map((all, bin) => all - drawn[bin]!), current: drawn };
    },
    boundTail: nats => boundTail(nats, { freeDegrees: 2 * (both.length - 1) }),
  };
}

function splitOf(both: readonly number[], rows: number, random: () => number): number[] {
  let total = sum(both);
  let drawn = rows;
  return both.map(marked => {
    const of = drawHypergeometric({ total, marked, drawn }, random);
    total -= marked;
    drawn -= of;
    return of;
  });
}

/**
 * For slots of numbers whose edges and range are values of the reference. If values do not repeat, the shares of the
 * population between the values of a sample have a Dirichlet distribution, whatever the population; the shares below
 * the smallest and above the largest value are like any other. Missing values are a fixed bin.
 */
export function orderedBins({ reference, current }: Histograms): NoDrift {
  const [missingBefore, missingNow] = [reference[missingSlot]!, current[missingSlot]!];
  const missing = missingBefore + missingNow;
  const [before, now] = [sum(reference), sum(current)];
  const bins = reference.filter((_, slot) => slot !== missingSlot);
  const present = before - missingBefore;
  return {
    draw(random) {
      const drawn = drawHypergeometric({ total: before + now, marked: missing, drawn: now }, random);
      const left = missing - drawn;
      const scale = present === 0 ? 0 : (before - left) / present;
      const scaled = bins.map(rows => rows * scale);
      return {
        reference: scaled.toSpliced(missingSlot, 0, left),
        current: drawHistogram(weightsOf(scaled), now - drawn, random).toSpliced(missingSlot, 0, drawn),
      };
    },
    boundTail: nats =>
      boundTail(nats, {
        freeDegrees: bins.length - 1 + (missing > 0 ? 2 : 0),
        known: { rows: bins, weights: weightsOf(bins) },
      }),
  };
}

/** An empty bin, such as those out of range, counts as one interval between two values. */
function weightsOf(bins: readonly number[]): number[] {
  return bins.map(rows => Math.max(1, rows));
}
