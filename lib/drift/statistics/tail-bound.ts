import { gammaln } from 'simple-statistics';
import { sum } from './distances.ts';

const steps = Array.from({ length: 99 }, (_, index) => (index + 1) / 100);

/** The known facts about the common population of the two histograms. */
export interface TailOptions {
  /** Total degrees of freedom of the samples that are drawn from the population. */
  freeDegrees: number;
  /** Rows of the reference's bins, and the Dirichlet weights of the population's shares given these rows. */
  known?: { rows: readonly number[]; weights: readonly number[] };
}

/**
 * An upper bound of the chance of such a large likelihood ratio without drift.
 *
 * The ratio is at most n · KL(current ‖ P) + m · KL(reference ‖ P), whatever the distribution P of the population. For
 * a sample of P, the moments of its term are below those of a gamma distribution (Agrawal, Finite-sample concentration
 * of the multinomial in relative entropy, IEEE Trans. Inf. Theory 66, 2020). If P is known from a reference, they are
 * known exactly, because P is Dirichlet. The bound then follows from Chernoff's inequality.
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
