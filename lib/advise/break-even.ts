import { alwaysOn, cheapest, possibleFunctions } from './decide.ts';
import { optionOf } from './options.ts';
import type { Situation } from './situation.ts';

/** From one request a month to ten billion. */
const steps = Array.from({ length: 401 }, (_, step) => 10 ** (step / 40));

/**
 * Requests per month at which a function begins to cost more than an always-on instance; `null` if no function can hold
 * the model, or if a function always costs less.
 */
export function breakEven(situation: Situation): number | null {
  if (possibleFunctions(situation).length === 0) {
    return null;
  }
  const isDearer = (requestsPerMonth: number) => {
    const at = { ...situation, requestsPerMonth };
    return functionUsd(at) > (optionOf(alwaysOn(at)).monthlyUsd(at) ?? Number.POSITIVE_INFINITY);
  };
  // Only up to the first point at which it is more expensive: beyond it, each additional instance may make the function
  // cheaper again.
  const first = steps.findIndex(isDearer);
  if (first < 0) {
    return null;
  }
  let [low, high] = [steps[first - 1] ?? 0, steps[first]!];
  while (high - low > 1) {
    const middle = (low + high) / 2;
    [low, high] = isDearer(middle) ? [low, middle] : [middle, high];
  }
  return Math.round(high);
}

/** USD per month of the cheapest function that can hold the model. */
export function functionUsd(situation: Situation): number {
  return optionOf(cheapest(possibleFunctions(situation), situation)).monthlyUsd(situation)!;
}
