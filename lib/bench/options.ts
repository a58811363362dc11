import { availableParallelism } from 'node:os';
import { normalize, sep } from 'node:path';
import { ColdpressError } from '../errors.ts';
import type { Host } from '../local/host.ts';
import { lambdaMemoryOf } from '../targets/aws-lambda/memory.ts';

export type BaselineName = 'naive' | 'hello';

export interface BenchOptions {
  host: Host;
  /** JSON: the event to send to every function, unchanged. Not together with `input`. */
  event?: string | undefined;
  /** JSON: the body of an Open Inference Protocol request. @default one made from the signature */
  input?: string | undefined;
  /** Cold starts of each variant. @default 30 */
  samples?: number | undefined;
  /** Rounds before them that are discarded. @default 3 */
  discard?: number | undefined;
  /** Requests to each instance after its first one. @default 10 */
  warm?: number | undefined;
  /**
   * Memory sizes in MB, each with its share of CPU. @default the size that has as many vCPUs as the machine, unlimited
   */
  memoryMb?: number[] | undefined;
  /** Reads every file from the disk. @default false */
  coldDisk?: boolean | undefined;
  /** @default none */
  baselines?: BaselineName[] | undefined;
  /** The model that the artifacts were packed from, for `naive`. @default that of the config in the current folder */
  model?: string | undefined;
  /** Random seed for the intervals and the generated request. @default 1 */
  seed?: number | undefined;
  /** Requests per month, for the cost. @default 10000 */
  requestsPerMonth?: number | undefined;
  /** @default silent */
  onProgress?: ((step: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

export interface BenchPlan {
  host: Host;
  dirs: string[];
  event: string | undefined;
  input: string | undefined;
  samples: number;
  discard: number;
  warm: number;
  memorySizes: { memoryMb: number; limitCpu: boolean }[];
  coldDisk: boolean;
  baselines: BaselineName[];
  model: string | undefined;
  seed: number;
  requestsPerMonth: number;
  onProgress: (step: string) => void;
  signal: AbortSignal | undefined;
}

const defaults = {
  samples: 30,
  discard: 3,
  warm: 10,
  coldDisk: false,
  baselines: [],
  seed: 1,
  requestsPerMonth: 10_000,
  onProgress: () => {},
} as const satisfies Record<string, unknown>;

/** @throws ColdpressError `OPTION_CONFLICT`, `OPTION_OUT_OF_RANGE` */
export function resolveBenchOptions(given: string[], options: BenchOptions): BenchPlan {
  const dirs = given.map(plainPath);
  const { host, event, input, model, signal } = options;
  const baselines = distinct(options.baselines) ?? [...defaults.baselines];
  if (event !== undefined && input !== undefined) {
    conflict(
      '--event and --input cannot be combined',
      'All functions get the same request: remove one of the two.',
    );
  }
  if (model !== undefined && !baselines.includes('naive')) {
    conflict('--model needs --baseline naive', 'Only the naive function is built from a model.');
  }
  const twice = dirs.find((dir, index) => dirs.indexOf(dir) !== index);
  if (twice !== undefined) {
    conflict(`${twice} appears twice`, 'A variant is compared with others, not with itself.');
  }
  const plan = {
    host,
    dirs,
    event,
    input,
    baselines,
    model,
    signal,
    samples: options.samples ?? defaults.samples,
    discard: options.discard ?? defaults.discard,
    warm: options.warm ?? defaults.warm,
    memorySizes: distinct(options.memoryMb)?.map(memoryMb => ({ memoryMb, limitCpu: true })) ?? [
      { memoryMb: lambdaMemoryOf(availableParallelism()), limitCpu: false },
    ],
    coldDisk: options.coldDisk ?? defaults.coldDisk,
    seed: options.seed ?? defaults.seed,
    requestsPerMonth: options.requestsPerMonth ?? defaults.requestsPerMonth,
    onProgress: options.onProgress ?? defaults.onProgress,
  };
  checkRange('--samples', plan.samples, [1, 10_000]);
  checkRange('--discard', plan.discard, [0, 1000]);
  checkRange('--warm', plan.warm, [0, 10_000]);
  checkRange('--requests-per-month', plan.requestsPerMonth, [1, 1e12]);
  return plan;
}

/** Normalises a path to the same spelling in every run, because artifacts are compared by name. */
export function plainPath(dir: string): string {
  const path = normalize(dir);
  return path.length > 1 && path.endsWith(sep) ? path.slice(0, -1) : path;
}

/** Name of a variant; includes the memory size if there are several. */
export function variantName(source: string, memoryMb: number, sizes: number): string {
  return sizes > 1 ? `${source} @${memoryMb}` : source;
}

/** Names of all variants. */
export function variantNames(sources: readonly string[], memoryMb: readonly number[] = []): string[] {
  const sizes = new Set(memoryMb).size;
  return sizes < 2
    ? [...sources]
    : sources.flatMap(source => memoryMb.map(mb => variantName(source, mb, sizes)));
}

function distinct<T>(values: readonly T[] | undefined): T[] | undefined {
  return values === undefined ? undefined : [...new Set(values)];
}

function conflict(message: string, hint: string): never {
  throw new ColdpressError('OPTION_CONFLICT', message, { hint });
}

function checkRange(flag: string, value: number, [least, most]: [number, number]): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new ColdpressError('OPTION_OUT_OF_RANGE', `${flag} is ${value}`, {
      hint: `Use whole numbers from ${least} to ${most}.`,
    });
  }
}
