import { coldShare } from '../bench/cost.ts';
import { MODEL_FILE, MODEL_FOLDER } from '../contract/files.ts';
import { memoryFor } from '../targets/aws-lambda-memory.ts';
import {
  functionPrices,
  type HourlyName,
  type HourlyPrice,
  hourlyPrices,
  hoursPerMonth,
  partsPerHour,
} from './prices.ts';
import { type Situation, shapes } from './situation.ts';

/** The share of requests that start cold, where requests crowd into a part of the month. */
export function coldShareOf({ requestsPerMonth, shape }: Situation): number {
  return coldShare(requestsPerMonth / shapes[shape].activeShare);
}

/** Memory of the function on Lambda: what `OnnxFunction` gives it. */
export function lambdaMemoryMb({ modelBytes }: Situation): number {
  return memoryFor({
    files: [{ path: `${MODEL_FOLDER}/${MODEL_FILE}`, sizeBytes: modelBytes, sha256: '', reason: '' }],
  });
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const mbPerVcpu = 1769;

/** The CPU of the function on Lambda, of one that works in one thread. */
export function lambdaVcpu(situation: Situation): number {
  return Math.min(1, lambdaMemoryMb(situation) / mbPerVcpu);
}

/** USD a month on Lambda, arm64. */
export function lambdaUsd(situation: Situation): number {
  const { perMillionRequests, perGbSecond, billedStepMs } = functionPrices['aws-lambda'];
  const gb = lambdaMemoryMb(situation) / 1024;
  const seconds = billedSeconds(situation, { vcpu: lambdaVcpu(situation), billedStepMs });
  return situation.requestsPerMonth * (perMillionRequests / 1e6 + seconds * gb * perGbSecond.arm64);
}

/** https://cloud.google.com/functions/docs/configuring/memory: the CPU that comes with a size of memory. */
const googleSizes = [
  { memoryMb: 512, vcpu: 0.333 },
  { memoryMb: 1024, vcpu: 0.583 },
  { memoryMb: 2048, vcpu: 1 },
  { memoryMb: 4096, vcpu: 2 },
  { memoryMb: 8192, vcpu: 2 },
  { memoryMb: 16_384, vcpu: 4 },
  { memoryMb: 32_768, vcpu: 8 },
] as const;

/** Node, the engine and a heap; the weights twice, since the file system is memory, too. */
export function googleSize({ modelBytes }: Situation): (typeof googleSizes)[number] | undefined {
  const neededMb = 256 + (2 * modelBytes) / 2 ** 20;
  return googleSizes.find(({ memoryMb }) => memoryMb >= neededMb);
}

/** The CPU of the function on Google, of one that works in one thread. */
export function googleVcpu(situation: Situation): number {
  return Math.min(1, googleSize(situation)?.vcpu ?? 1);
}

/** USD a month on Cloud Run functions; `null` where no size holds the model. */
export function googleUsd(situation: Situation): number | null {
  const size = googleSize(situation);
  if (size === undefined) {
    return null;
  }
  const { perMillionRequests, perVcpuSecond, perGibSecond, billedStepMs } = functionPrices.gcf;
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
