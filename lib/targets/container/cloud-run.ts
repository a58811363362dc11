import { gcfLimits } from '../gcf/limits.ts';
import type { Range } from '../range.ts';
import { memoryFor } from './memory.ts';

/** Limits of services, which include functions, and of jobs: https://cloud.google.com/run/quotas */
export const cloudRunLimits = {
  ...gcfLimits,
  tasks: [1, 10_000],
  /** One week. */
  taskTimeoutSeconds: [1, 604_800],
} as const satisfies Record<string, Range>;

/** Defaults of a new service or job; the number of CPUs is `leastCpu` of the memory. */
export const cloudRunDefaults = {
  /** Concurrent requests per instance; 1 below one vCPU. */
  concurrency: 80,
  timeoutSeconds: 60,
  tasks: 1,
  /** Timeout for all objects of a task. */
  taskTimeoutSeconds: 86_400,
  taskRetries: 3,
} as const;

/** Minimum memory in Cloud Run's second-generation execution environment. */
const leastMemoryMb = 512;

/** Returns the memory of a new service or job, in MiB. */
export function cloudRunMemoryMb(manifest: Parameters<typeof memoryFor>[0]): number {
  return Math.max(leastMemoryMb, memoryFor(manifest));
}
