import { gcfLimits } from '../gcf/limits.ts';
import type { Range } from '../range.ts';
import { memoryFor } from './memory.ts';

/** Functions are services; https://cloud.google.com/run/quotas has both, and those of jobs. */
export const cloudRunLimits = {
  ...gcfLimits,
  tasks: [1, 10_000],
  /** A week. */
  taskTimeoutSeconds: [1, 604_800],
} as const satisfies Record<string, Range>;

/** What a new service or job gets unless told otherwise; CPUs are `leastCpu` of the memory. */
export const cloudRunDefaults = {
  /** Requests that one instance gets at once; 1 below one vCPU. */
  concurrency: 80,
  timeoutSeconds: 60,
  tasks: 1,
  /** Of all objects that a task takes. */
  taskTimeoutSeconds: 86_400,
  taskRetries: 3,
} as const;

/** The second generation of Cloud Run's machines has no less. */
const leastMemoryMb = 512;

/** Memory of a new service or job, in MiB. */
export function cloudRunMemoryMb(manifest: Parameters<typeof memoryFor>[0]): number {
  return Math.max(leastMemoryMb, memoryFor(manifest));
}
