import { awsLambdaDefaults } from '../targets/aws-lambda/defaults.ts';
import { awsLambdaLimits } from '../targets/aws-lambda/limits.ts';
import { memoryFor } from '../targets/aws-lambda/memory.ts';
import { checkRange } from '../targets/range.ts';
import { type LocalOptions, localDefaults } from './options.ts';
import type { RuntimeClientName } from './runtime-client/resolve-client.ts';

export interface LambdaOptions extends LocalOptions {
  /** 128 to 10,240. @default what `OnnxFunction` sets: the first of 512, 1024, 1769 and 3008 that fits the model */
  memoryMb?: number | undefined;
  /** 1 to 900. @default 30 */
  timeoutSeconds?: number | undefined;
  /** @default AWS's if it is installed */
  runtimeClient?: RuntimeClientName | undefined;
  /** Milliseconds that INIT may take before it runs again within the first invocation. @default 10000, Lambda's */
  initLimitMs?: number | undefined;
}

type Unset = 'runtimeClient' | 'signal';

/** The options with their defaults applied; some have none. */
export type LambdaPlan = Pick<LambdaOptions, Unset> & {
  [Name in Exclude<keyof LambdaOptions, Unset>]: Exclude<LambdaOptions[Name], undefined>;
};

export const lambdaDefaults = {
  ...localDefaults,
  timeoutSeconds: awsLambdaDefaults.timeoutSeconds,
  initLimitMs: 10_000,
} as const satisfies Partial<LambdaOptions>;

/** @throws ColdpressError `OPTION_OUT_OF_RANGE` */
export function resolveLambdaOptions(
  options: LambdaOptions,
  manifest: Parameters<typeof memoryFor>[0],
): LambdaPlan {
  const defaults = lambdaDefaults;
  const { memoryMb, timeoutSeconds } = awsLambdaLimits;
  return {
    host: options.host,
    memoryMb: checkRange('memory', options.memoryMb ?? memoryFor(manifest), { range: memoryMb, unit: 'MB' }),
    timeoutSeconds: checkRange('timeout', options.timeoutSeconds ?? defaults.timeoutSeconds, {
      range: timeoutSeconds,
      unit: 'seconds',
    }),
    env: options.env ?? defaults.env,
    onLog: options.onLog ?? defaults.onLog,
    delivers: options.delivers ?? defaults.delivers,
    runtimeClient: options.runtimeClient,
    signal: options.signal,
    initLimitMs: options.initLimitMs ?? defaults.initLimitMs,
  };
}
