import { lambdaMbPerVcpu } from '../../../contract/platforms.ts';

/**
 * Threads for one inference: as many as the instance has whole CPUs, at least 1. With 1, ONNX Runtime starts no
 * thread pool, which saves milliseconds of a cold start; with more than there are CPUs, threads spin in each other's
 * way.
 */
export function threadsFor(env: NodeJS.ProcessEnv, availableCpus: number): number {
  const memory = Number(env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE);
  const share = memory > 0 ? Math.floor(memory / lambdaMbPerVcpu) : availableCpus;
  return Math.max(1, Math.min(share, availableCpus));
}
