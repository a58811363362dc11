import { lambdaMbPerVcpu } from '../../../contract/platforms.ts';

/**
 * Returns the threads for one inference: one per whole CPU of the instance, at least 1. With 1, ONNX Runtime starts no
 * thread pool, which saves milliseconds of a cold start; with more threads than CPUs, they slow each other down by
 * spinning.
 */
export function threadsFor(env: NodeJS.ProcessEnv, availableCpus: number): number {
  const memory = Number(env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE);
  const share = memory > 0 ? Math.floor(memory / lambdaMbPerVcpu) : availableCpus;
  return Math.max(1, Math.min(share, availableCpus));
}
