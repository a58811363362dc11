import { gammaln } from 'simple-statistics';
import { sum } from './distances.ts';

const steps = Array.from({ length: 99 }, (_, index) => (index + 1) / 100);

/**
 * The most that the chance of so large a likelihood ratio can be without drift: for tails that no simulation reaches.
 *
 * The ratio is at most n · KL(current ‖ P) + m · KL(reference ‖ P), whatever the distribution P of the population. Given
 * P, the moments of the first term are below those of a gamma distribution (Agrawal, Finite-sample concentration of the
 * multinomial in relative entropy, IEEE Trans. Inf. Theory 66, 2020). Those of the second are known exactly, since P is
 * Dirichlet. Chernoff's inequality does the rest.
 * @param weights - as of `drawHistogram`
 * @param nats - the likelihood ratio of the weights and the current rows
 */
export function boundTail(weights: readonly number[], nats: number): number {
  const total = sum(weights);
  const degrees = weights.length - 1;
  const exponents = steps.map(t => {
    const reference =
      gammaln(total) -
      gammaln(total * (1 - t)) +
      sum(
        weights.map(
          weight => t * weight * Math.log(weight / total) + gammaln(weight * (1 - t)) - gammaln(weight),
        ),
      );
    return reference - degrees * Math.log(1 - t) - t * nats;
  });
  return Math.min(1, Math.exp(Math.min(...exponents.filter(Number.isFinite))));
}
