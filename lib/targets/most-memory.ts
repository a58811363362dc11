import { awsLambdaLimits } from './aws-lambda/limits.ts';
import { gcfLimits } from './gcf/limits.ts';
import type { TargetName } from './names.ts';

/** Memory of each target's largest instance, in MiB. Containers: those of Cloud Run; other platforms differ. */
export const mostMemoryMb: Readonly<Record<TargetName, number>> = {
  'aws-lambda': awsLambdaLimits.memoryMb[1],
  gcf: gcfLimits.memoryMb[1],
  container: gcfLimits.memoryMb[1],
};

/** Memory that no target exceeds: the limit for a model before its target is known, and for the engine that presses it. */
export const mostMemoryBytes = Math.max(...Object.values(mostMemoryMb)) * 2 ** 20;
