import type { Range } from '../range.ts';

/** https://cloud.google.com/run/quotas */
export const gcfLimits = {
  /** Whole MiB. */
  memoryMb: [128, 32_768],
  cpu: [0.08, 8],
  concurrency: [1, 1000],
  minInstances: [0, 1000],
  maxInstances: [1, 1000],
  timeoutSeconds: [1, 3600],
} as const satisfies Record<string, Range>;

/**
 * The most memory that each number of CPUs has.
 * https://cloud.google.com/run/docs/configuring/services/memory-limits
 */
export const cpuSizes = [
  { vcpu: 1, mostMb: 4096 },
  { vcpu: 2, mostMb: 8192 },
  { vcpu: 4, mostMb: 16_384 },
  { vcpu: 6, mostMb: 24_576 },
  { vcpu: 8, mostMb: 32_768 },
] as const;

/** The fewest CPUs that may have so much memory. */
export function leastCpu(memoryMb: number): number {
  return cpuSizes.find(({ mostMb }) => memoryMb <= mostMb)?.vcpu ?? gcfLimits.cpu[1];
}
