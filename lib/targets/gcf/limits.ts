import type { Range } from '../range.ts';

/** https://cloud.google.com/run/quotas */
export const gcfLimits = {
  /** In whole MiB. */
  memoryMb: [128, 32_768],
  cpu: [0.08, 8],
  concurrency: [1, 1000],
  minInstances: [0, 1000],
  maxInstances: [1, 1000],
  timeoutSeconds: [1, 3600],
} as const satisfies Record<string, Range>;

/**
 * Maximum memory for each number of CPUs.
 * https://cloud.google.com/run/docs/configuring/services/memory-limits
 */
export const cpuSizes = [
  { vcpu: 1, mostMb: 4096 },
  { vcpu: 2, mostMb: 8192 },
  { vcpu: 4, mostMb: 16_384 },
  { vcpu: 6, mostMb: 24_576 },
  { vcpu: 8, mostMb: 32_768 },
] as const;

/** Returns the smallest number of CPUs that allows this much memory. */
export function leastCpu(memoryMb: number): number {
  return cpuSizes.find(({ mostMb }) => memoryMb <= mostMb)?.vcpu ?? gcfLimits.cpu[1];
}
