import { median } from 'simple-statistics';
import type { Architecture } from '../contract/manifest.ts';
import { lambdaBilledStepMs as billedStepMs, lambdaPrices } from '../targets/aws-lambda/prices.ts';
import type { Variant } from './sample.ts';
import type { Summary } from './summary.ts';

export interface CostSummary {
  name: string;
  /** The region of the prices: the function's own, or us-east-1 if its prices are not known. */
  region: string;
  /** USD for one million requests if all of them start cold; `perMillionWarm`: if none does. */
  perMillionCold: number;
  /** `null` if no warm request was measured. */
  perMillionWarm: number | null;
  /** USD per million requests at the chosen traffic, with the share of cold starts from `coldShare`. */
  perMillion: number | null;
}

/** How long a platform keeps an idle instance. No platform documents it; in practice it is some minutes. */
export const idleMinutes = 10;

const minutesPerMonth = (365.25 / 12) * 24 * 60;

/**
 * The share of requests that find no warm instance if they arrive one by one at random (Poisson): those that follow
 * more than `idleMinutes` without a request.
 */
export function coldShare(requestsPerMonth: number): number {
  return Math.exp(-(requestsPerMonth / minutesPerMonth) * idleMinutes);
}

/**
 * Returns `undefined` for a target whose prices coldpress does not know, and for `hello`, whose cost is not meaningful.
 */
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
  // INIT and answer are billed; the platform's and the network's time of a deployed function is not.
  const perMillionCold = perMillion(median(variant.samples.map(({ initMs, answerMs }) => initMs + answerMs)));
  const perMillionWarm = summary.warmMs === null ? null : perMillion(summary.warmMs.p50);
  const costs = { name: summary.name, region, perMillionCold, perMillionWarm };
  return { ...costs, perMillion: blend(costs, requestsPerMonth) };
}

/** USD per million requests at a given traffic. */
export function blend(
  { perMillionCold, perMillionWarm }: Pick<CostSummary, 'perMillionCold' | 'perMillionWarm'>,
  requestsPerMonth: number,
): number | null {
  const cold = coldShare(requestsPerMonth);
  return perMillionWarm === null ? null : cold * perMillionCold + (1 - cold) * perMillionWarm;
}
