/** What `coldpress deploy` sets unless told otherwise; memory is `defaultMemoryMb`, CPUs are `leastCpu` of it. */
export const gcfDefaults = {
  /** Requests that one instance gets at once; 1 below one vCPU, where Google allows no more. */
  concurrency: 80,
  minInstances: 0,
  timeoutSeconds: 60,
} as const;
