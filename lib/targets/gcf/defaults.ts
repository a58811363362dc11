/** Defaults of `coldpress deploy`; memory is `defaultMemoryMb`, and the number of CPUs `leastCpu` of it. */
export const gcfDefaults = {
  /** Concurrent requests per instance; below one vCPU it is 1, Google's maximum. */
  concurrency: 80,
  minInstances: 0,
  timeoutSeconds: 60,
} as const;
