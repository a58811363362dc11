import type { Manifest } from '../../contract/manifest.ts';
import { gcfDefaults } from '../../targets/gcf/defaults.ts';
import { gcfLimits } from '../../targets/gcf/limits.ts';
import { defaultMemoryMb } from '../../targets/gcf/memory.ts';
import { checkRange } from '../../targets/range.ts';
import { type LocalOptions, localDefaults } from '../options.ts';
import type { Signature } from './environment.ts';

export interface GcfOptions extends LocalOptions {
  /** 128 to 32,768. @default the memory that `coldpress deploy` sets */
  memoryMb?: number | undefined;
  /** 1 to 3600. @default 60 */
  timeoutSeconds?: number | undefined;
  /** 0 selects a free port. */
  port: number;
  /** How the function is called. */
  signature: Signature;
}

export type GcfPlan = Pick<GcfOptions, 'signal'> & {
  [Name in Exclude<keyof GcfOptions, 'signal'>]: Exclude<GcfOptions[Name], undefined>;
};

/** @throws ColdpressError `OPTION_OUT_OF_RANGE` */
export function resolveGcfOptions(options: GcfOptions, manifest: Manifest): GcfPlan {
  const memoryMb = options.memoryMb ?? defaultMemoryMb(manifest);
  const timeoutSeconds = options.timeoutSeconds ?? gcfDefaults.timeoutSeconds;
  return {
    host: options.host,
    memoryMb: checkRange('memory', memoryMb, { range: gcfLimits.memoryMb, unit: 'MiB' }),
    timeoutSeconds: checkRange('timeout', timeoutSeconds, {
      range: gcfLimits.timeoutSeconds,
      unit: 'seconds',
    }),
    env: options.env ?? localDefaults.env,
    onLog: options.onLog ?? localDefaults.onLog,
    delivers: options.delivers ?? localDefaults.delivers,
    signal: options.signal,
    port: options.port,
    signature: options.signature,
  };
}
