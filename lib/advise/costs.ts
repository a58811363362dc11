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

/** The share of requests that start cold, if requests are concentrated in a part of the month. */
export function coldShareOf({ requestsPerMonth, shape }: Situation): number {
  return coldShare(requestsPerMonth / shapes[shape].activeShare);
}

/** The sizes that a function's memory is chosen by. */
function weigh({ modelBytes, storedBytes }: Situation): Weighed {
  return {
    files: [{ path: `${MODEL_FOLDER}/${MODEL_FILE}`, sizeBytes: storedBytes }],
    model: { sizeBytes: modelBytes },
  };
}

/** Memory of the Lambda function, as `OnnxFunction` sets it. */
export function lambdaMemoryMb(situation: Situation): number {
  return memoryFor(weigh(situation));
}

/** CPU that a single-threaded Lambda function can use. */
export function lambdaThreadVcpu(situation: Situation): number {
  return Math.min(1, lambdaVcpu(lambdaMemoryMb(situation)));
}

/** USD per month on Lambda. */
export function lambdaUsd(situation: Situation, architecture: Architecture = 'arm64'): number {
  const { perMillionRequests, perGbSecond } = lambdaPrices();
  const gb = lambdaMemoryMb(situation) / 1024;
  const billing = { vcpu: lambdaThreadVcpu(situation), billedStepMs: lambdaBilledStepMs };
  const seconds = billedSeconds(situation, billing);
  return situation.requestsPerMonth * (perMillionRequests / 1e6 + seconds * gb * perGbSecond[architecture]);
}

/** The instance size that `coldpress deploy` uses on Google; `undefined` if none holds the model. */
export function googleSize(situation: Situation): { memoryMb: number; vcpu: number } | undefined {
  const weighed = weigh(situation);
  if (leastMemoryMb(weighed) > gcfLimits.memoryMb[1]) {
    return undefined;
  }
  const memoryMb = defaultMemoryMb(weighed);
  return { memoryMb, vcpu: leastCpu(memoryMb) };
}

/** USD per month on Cloud Run functions; `null` if no size holds the model. */
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

/**
 * Average billed seconds of a request. Times are measured with one vCPU; a fraction of one takes proportionally longer.
 */
function billedSeconds(
  situation: Situation,
  { vcpu, billedStepMs }: { vcpu: number; billedStepMs: number },
): number {
  const cold = coldShareOf(situation);
  const billed = (ms: number) => (Math.ceil(ms / Math.min(1, vcpu) / billedStepMs) * billedStepMs) / 1000;
  return cold * billed(situation.coldMs) + (1 - cold) * billed(situation.warmMs);
}

/** Planned peak utilisation of an always-on CPU, so that requests do not queue. */
const busyAtMost = 0.6;

/** Hourly price and vCPUs of an instance that holds the model; `undefined` if the table has none. */
function sizeOf(name: HourlyName, situation: Situation): { perHour: number; vcpu: number } | undefined {
  const { perHour, vcpu, memoryGb, parts }: HourlyPrice = hourlyPrices[name];
  const neededGb = serverMemoryGb(situation);
  if (neededGb <= memoryGb) {
    return { perHour, vcpu };
  }
  const size = parts?.sizes.find(({ mostGb }) => neededGb <= mostGb);
  return size && { perHour: partsPerHour(parts!, size.vcpu, neededGb), vcpu: size.vcpu };
}

/** The largest memory of a single instance, in GB. */
export function mostMemoryGb(name: HourlyName): number {
  const { memoryGb, parts }: HourlyPrice = hourlyPrices[name];
  return parts?.sizes.at(-1)?.mostGb ?? memoryGb;
}

/**
 * USD per month of as many always-on instances as the peak load needs; `null` if no instance in the table is large
 * enough.
 */
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

/**
 * Memory of a server in whole GB: the weights twice (the file, and as the engine repacks them), a request twice (bytes
 * and numbers), and half a GB for everything else.
 */
export function serverMemoryGb({ modelBytes, payloadMb }: Situation): number {
  return Math.ceil(0.5 + (2 * modelBytes) / 1e9 + (2 * payloadMb) / 1e3);
}
