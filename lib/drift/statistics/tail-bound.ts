import { gammaln } from 'simple-statistics';
import { sum } from './distances.ts';

const steps = Array.from({ length: 99 }, (_, index) => (index + 1) / 100);

/** What is known of the two histograms' common population. */
export interface TailOptions {
  /** Degrees of freedom of samples that are drawn from the population, in all. */
  freeDegrees: number;
  /** Rows of the reference's bins, and the Dirichlet distribution of the population's shares given them. */
  known?: { rows: readonly number[]; weights: readonly number[] };
}

/**
 * The most that the chance of so large a likelihood ratio can be without drift.
 *
 * The ratio is at most n · KL(current ‖ P) + m · KL(reference ‖ P), whatever the distribution P of the population. For a
 * sample of P, the moments of its term are below those of a gamma distribution (Agrawal, Finite-sample concentration of
 * the multinomial in relative entropy, IEEE Trans. Inf. Theory 66, 2020). For a reference that P is known by, they are
 * known exactly, since P is Dirichlet. Chernoff's inequality does the rest.
 */
export function boundTail(nats: number, { freeDegrees, known }: TailOptions): number {
  const exponents = steps.map(
    t => (known === undefined ? 0 : lnMoment(t, known)) - freeDegrees * Math.log(1 - t) - t * nats,
  );
  return Math.min(1, Math.exp(Math.min(...exponents.filter(Number.isFinite))));
}

function lnMoment(t: number, { rows, weights }: NonNullable<TailOptions['known']>): number {
  const [total, all] = [sum(rows), sum(weights)];
  const terms = rows.map((count, bin) =>
    count === 0
      ? 0
      : t * count * Math.log(count / total) + gammaln(weights[bin]! - t * count) - gammaln(weights[bin]!),
  );
  return gammaln(all) - gammaln(all - t * total) + sum(terms);
}
