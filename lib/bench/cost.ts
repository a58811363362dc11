import { median } from 'simple-statistics';
import type { Architecture } from '../contract/manifest.ts';
import { lambdaBilledStepMs as billedStepMs, lambdaPrices } from '../targets/aws-lambda/prices.ts';
import type { Variant } from './sample.ts';
import type { Summary } from './summary.ts';

export interface CostSummary {
  name: string;
  /** Whose prices these are of: the function's own, or us-east-1's where those are not known. */
  region: string;
  /** What one million requests cost that all start cold, or all do not, in USD. */
  perMillionCold: number;
  /** `null` where no warm request was measured. */
  perMillionWarm: number | null;
  /** At the chosen traffic, in USD a million requests; the share of cold starts is `coldShare`'s. */
  perMillion: number | null;
}

/** How long a platform keeps an instance that nobody calls. None documents it; minutes are what is seen. */
export const idleMinutes = 10;

const minutesPerMonth = (365.25 / 12) * 24 * 60;

/**
 * The share of requests that find no warm instance, where they come one by one at random (Poisson): those that more
 * than `idleMinutes` of silence precede.
 */
export function coldShare(requestsPerMonth: number): number {
  return Math.exp(-(requestsPerMonth / minutesPerMonth) * idleMinutes);
}

/** `undefined` for a target whose billing is not known here, and for `hello`, which does nothing worth its price. */
export function summariseCost(
  variant: Variant,
  summary: Summary,
  requestsPerMonth: number,
): CostSummary | undefined {
  if (variant.target !== 'aws-lambda' || variant.kind === 'hello') {
    return undefined;
  }
  const { region, perMillionRequests, perGbSecond } = lambdaPrices(variant.region);
  const architecture: Architecture = variant.architecture === 'arm64' ? 'arm64' : 'x64';
  const perMillion = (ms: number) => {
    const billedMs = Math.ceil(ms / billedStepMs) * billedStepMs;
    return perMillionRequests + 1000 * billedMs * (variant.memoryMb / 1024) * perGbSecond[architecture];
  };
  // INIT and the answer; of a deployed function the platform's and the network's time is not billed.
  const perMillionCold = perMillion(median(variant.samples.map(({ initMs, answerMs }) => initMs + answerMs)));
  const perMillionWarm = summary.warmMs === null ? null : perMillion(summary.warmMs.p50);
  const costs = { name: summary.name, region, perMillionCold, perMillionWarm };
  return { ...costs, perMillion: blend(costs, requestsPerMonth) };
}

/** USD a million requests at some traffic. */
export function blend(
  { perMillionCold, perMillionWarm }: Pick<CostSummary, 'perMillionCold' | 'perMillionWarm'>,
  requestsPerMonth: number,
): number | null {
  const cold = coldShare(requestsPerMonth);
  return perMillionWarm === null ? null : cold * perMillionCold + (1 - cold) * perMillionWarm;
}
