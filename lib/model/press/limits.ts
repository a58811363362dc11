import type { EngineLimits } from './engine-process.ts';

/** No function has more memory than this: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const maxMemoryBytes = 10_240 * 2 ** 20;

/** Time and memory grow with the model; a bomb's do without one. */
export function limitsFor(sizeBytes: number): EngineLimits {
  return {
    timeoutMs: 6000 + Math.min(sizeBytes / 20_000, 240_000),
    memoryBytes: Math.min(900_000_000 + 6 * sizeBytes, maxMemoryBytes),
  };
}
