import { coldShare } from '../bench/cost.ts';
import { MODEL_FILE, MODEL_FOLDER } from '../contract/files.ts';
import type { Architecture } from '../contract/manifest.ts';
import { lambdaVcpu, memoryFor } from '../targets/aws-lambda/memory.ts';
import { lambdaBilledStepMs, lambdaPrices } from '../targets/aws-lambda/prices.ts';
import { gcfLimits, leastCpu } from '../targets/gcf/limits.ts';
import { defaultMemoryMb, leastMemoryMb, type Weighed } from '../targets/gcf/memory.ts';
import { gcfPrices } from '../targets/gcf/prices.ts';
import { type HourlyName, type HourlyPrice, hourlyPrices, hoursPerMonth, partsPerHour } from './prices.ts';
import { type Situation, shapes } from './situation.ts';

/** The share of requests that start cold, where requests crowd into a part of the month. */
export function coldShareOf({ requestsPerMonth, shape }: Situation): number {
  return coldShare(requestsPerMonth / shapes[shape].activeShare);
}

/** What the memory of a function is chosen by. */
function weigh({ modelBytes }: Situation): Weighed {
  return {
    files: [{ path: `${MODEL_FOLDER}/${MODEL_FILE}`, sizeBytes: modelBytes }],
    model: { sizeBytes: modelBytes },
  };
}

/** Memory of the function on Lambda: what `OnnxFunction` gives it. */
export function lambdaMemoryMb(situation: Situation): number {
  return memoryFor(weigh(situation));
}

/** The CPU of the function on Lambda, of one that works in one thread. */
export function lambdaThreadVcpu(situation: Situation): number {
  return Math.min(1, lambdaVcpu(lambdaMemoryMb(situation)));
}

/** USD a month on Lambda. */
export function lambdaUsd(situation: Situation, architecture: Architecture = 'arm64'): number {
  const { perMillionRequests, perGbSecond } = lambdaPrices();
  const gb = lambdaMemoryMb(situation) / 1024;
  const billing = { vcpu: lambdaThreadVcpu(situation), billedStepMs: lambdaBilledStepMs };
  const seconds = billedSeconds(situation, billing);
  return situation.requestsPerMonth * (perMillionRequests / 1e6 + seconds * gb * perGbSecond[architecture]);
}

/** The instance that `coldpress deploy` makes on Google; `undefined` where none holds the model. */
export function googleSize(situation: Situation): { memoryMb: number; vcpu: number } | undefined {
  const weighed = weigh(situation);
  if (leastMemoryMb(weighed) > gcfLimits.memoryMb[1]) {
    return undefined;
  }
  const memoryMb = defaultMemoryMb(weighed);
  return { memoryMb, vcpu: leastCpu(memoryMb) };
}

/** USD a month on Cloud Run functions; `null` where no size holds the model. */
export function googleUsd(situation: Situation): number | null {
  const size = googleSize(situation);
  if (size === undefined) {
    return null;
  }
  const { perMillionRequests, perVcpuSecond, perGibSecond, billedStepMs } = gcfPrices;
  const seconds = billedSeconds(situation, { vcpu: size.vcpu, billedStepMs });
  const perSecond = size.vcpu * perVcpuSecond + (size.memoryMb / 1024) * perGibSecond;
  return situation.requestsPerMonth * (perMillionRequests / 1e6 + seconds * perSecond);
}

/** Of a request, on average. Times are those of one vCPU: a part of one takes as much longer. */
function billedSeconds(
  situation: Situation,
  { vcpu, billedStepMs }: { vcpu: number; billedStepMs: number },
): number {
  const cold = coldShareOf(situation);
  const billed = (ms: number) => (Math.ceil(ms / Math.min(1, vcpu) / billedStepMs) * billedStepMs) / 1000;
  return cold * billed(situation.coldMs) + (1 - cold) * billed(situation.warmMs);
}

/** A CPU that is always on is planned to be busy this much at the busiest, so that requests do not queue. */
const busyAtMost = 0.6;

/** What an hour of an instance costs that holds the model, and its CPUs; `undefined` where the table has none. */
function sizeOf(name: HourlyName, situation: Situation): { perHour: number; vcpu: number } | undefined {
  const { perHour, vcpu, memoryGb, parts }: HourlyPrice = hourlyPrices[name];
  const neededGb = serverMemoryGb(situation);
  if (neededGb <= memoryGb) {
    return { perHour, vcpu };
  }
  const size = parts?.sizes.find(({ mostGb }) => neededGb <= mostGb);
  return size && { perHour: partsPerHour(parts!, size.vcpu, neededGb), vcpu: size.vcpu };
}

/** The most memory that one instance can have, in GB. */
export function mostMemoryGb(name: HourlyName): number {
  const { memoryGb, parts }: HourlyPrice = hourlyPrices[name];
  return parts?.sizes.at(-1)?.mostGb ?? memoryGb;
}

/** USD a month of so many instances, always on, that at the busiest they hold; `null` where the table has none that does. */
export function hourlyUsd(name: HourlyName, situation: Situation): number | null {
  const { requestsPerMonth, shape, warmMs } = situation;
  const size = sizeOf(name, situation);
  if (size === undefined) {
    return null;
  }
  const perSecond = requestsPerMonth / (shapes[shape].activeShare * hoursPerMonth * 3600);
  const instances = Math.max(1, Math.ceil((perSecond * warmMs) / 1000 / (size.vcpu * busyAtMost)));
  return instances * size.perHour * hoursPerMonth;
}

/** Whole GB for a server: weights as a file and as the engine repacks them, a request as bytes and as numbers, and half a GB for all else. */
export function serverMemoryGb({ modelBytes, payloadMb }: Situation): number {
  return Math.ceil(0.5 + (2 * modelBytes) / 1e9 + (2 * payloadMb) / 1e3);
}
