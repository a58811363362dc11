import { ColdpressError } from '../errors.ts';
import type { Host } from './host.ts';
import type { RuntimeClientName } from './runtime-client/resolve-client.ts';

export interface LambdaOptions {
  host: Host;
  /** 128 to 10,240. @default 1024 */
  memoryMb?: number | undefined;
  /** 1 to 900. @default 30 */
  timeoutSeconds?: number | undefined;
  /** The function's own environment variables. @default none */
  env?: Record<string, string> | undefined;
  /** What the function and the platform print, as it comes. @default dropped */
  onLog?: ((text: string) => void) | undefined;
  /** @default AWS's where it is installed */
  runtimeClient?: RuntimeClientName | undefined;
  /** Closes the Lambda when it aborts; what is under way rejects with its reason. @default never */
  signal?: AbortSignal | undefined;
  /** How long INIT may take before it is run again inside the first invocation. @default 10000, Lambda's */
  initLimitMs?: number | undefined;
}

export type LambdaPlan = {
  [Name in keyof LambdaOptions]-?: Name extends 'runtimeClient' | 'signal'
    ? LambdaOptions[Name]
    : Exclude<LambdaOptions[Name], undefined>;
};

const defaults = {
  memoryMb: 1024,
  timeoutSeconds: 30,
  env: {},
  onLog: () => {},
  initLimitMs: 10_000,
} as const satisfies Partial<LambdaOptions>;

/** Lambda's quotas. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const quotas = { memoryMb: { least: 128, most: 10_240 }, timeoutSeconds: { least: 1, most: 900 } } as const;

/** @throws ColdpressError `OPTION_OUT_OF_RANGE` */
export function resolveLambdaOptions(options: LambdaOptions): LambdaPlan {
  const plan = {
    host: options.host,
    memoryMb: options.memoryMb ?? defaults.memoryMb,
    timeoutSeconds: options.timeoutSeconds ?? defaults.timeoutSeconds,
    env: options.env ?? defaults.env,
    onLog: options.onLog ?? defaults.onLog,
    runtimeClient: options.runtimeClient,
    signal: options.signal,
    initLimitMs: options.initLimitMs ?? defaults.initLimitMs,
  };
  checkRange('memory', plan.memoryMb, { ...quotas.memoryMb, unit: 'MB' });
  checkRange('timeout', plan.timeoutSeconds, { ...quotas.timeoutSeconds, unit: 'seconds' });
  return plan;
}

function checkRange(
  name: string,
  value: number,
  { least, most, unit }: { least: number; most: number; unit: string },
) {
  if (Number.isInteger(value) && value >= least && value <= most) {
    return;
  }
  throw new ColdpressError('OPTION_OUT_OF_RANGE', `${name} is ${value}`, {
    hint: `Lambda takes whole numbers from ${least} to ${most} ${unit}.`,
  });
}
